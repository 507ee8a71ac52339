package io.captioner.operations;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the directory of the bundles is watched: {@code captioner.watch.*}.
 *
 * @param interval time between two scans, 0 for none. A new version is verified at the second scan that finds the same
 *     files: shorter serves it sooner, and gives a slow copy less time between two of its files
 */
@ConfigurationProperties("captioner.watch")
record WatchProperties(@DefaultValue("10s") Duration interval) {
    /** @throws IllegalArgumentException if the interval is negative */
    WatchProperties {
        if (interval.isNegative()) {
            throw new IllegalArgumentException(
                    "captioner.watch.interval must be positive, or 0 for never, not " + interval);
        }
    }
}
