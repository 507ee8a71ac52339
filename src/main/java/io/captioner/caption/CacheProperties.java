package io.captioner.caption;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Whether captions are remembered: {@code captioner.cache.*}. Only what was found is kept, by the hash of the file, the
 * bundle and the search; never the image.
 *
 * @param enabled whether the same file is answered from memory; identical files that are in flight at the same time
 *     share one run of the device in any case
 * @param maxSize heap for what is remembered, about 10 KB an image; more answers more repeats
 * @param timeToLive how long it is remembered; an answer never grows wrong, so shorter only frees memory sooner
 */
@ConfigurationProperties("captioner.cache")
record CacheProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("32MB") DataSize maxSize,
        @DefaultValue("1h") Duration timeToLive) {
    /** @throws IllegalArgumentException if it can hold nothing */
    CacheProperties {
        if (maxSize.toBytes() < 1 || timeToLive.isNegative() || timeToLive.isZero()) {
            throw new IllegalArgumentException(
                    "captioner.cache.max-size (%s) and time-to-live (%s) must be positive: set captioner.cache.enabled=false to remember nothing"
                            .formatted(maxSize, timeToLive));
        }
    }
}
