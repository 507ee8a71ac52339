package io.captioner.caption;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The cache of captions: {@code captioner.cache.*}. It holds captions by the hash of the file, the bundle and the
 * search; never the image.
 *
 * @param enabled whether the same file is answered from the cache; identical files that are in flight at the same time
 *     share one run of the device in any case
 * @param maxSize heap for the cache, about 10 KB an image; more answers more repeated files
 * @param timeToLive how long captions stay in the cache; they never become wrong, so shorter only frees memory sooner
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
                    "captioner.cache.max-size (%s) and time-to-live (%s) must be positive: set captioner.cache.enabled=false for no cache"
                            .formatted(maxSize, timeToLive));
        }
    }
}
