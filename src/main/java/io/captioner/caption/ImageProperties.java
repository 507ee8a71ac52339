package io.captioner.caption;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What is read as an image: {@code captioner.image.*}.
 *
 * @param maxBytes most bytes of one image. The server's limits on uploads follow from it: more accepts larger files,
 *     and costs as much memory or disk for every request in flight
 * @param maxPixels most pixels an image may announce; decoding takes up to 5 bytes for each
 * @param maxSide longest side an image may announce, in pixels
 * @param decoders images decoded at the same time, by default one for each processor; each holds one image's pixels
 * @param heif whether HEIC and AVIF are read: {@code auto} reads them through the system's libheif where it is
 *     installed (package {@code libheif1}; the container images have it), {@code off} never loads it and refuses them
 */
@Validated
@ConfigurationProperties("captioner.image")
public record ImageProperties(
        @DefaultValue("20MB") DataSize maxBytes,
        @DefaultValue("50000000") @Positive long maxPixels,
        @DefaultValue("20000") @Positive int maxSide,
        @Nullable @Min(1) Integer decoders,
        @DefaultValue("auto") Heif heif) {

    /** When HEIC and AVIF are read. */
    public enum Heif {
        /** Where the system has libheif. */
        AUTO,
        /** Never: libheif is not loaded. */
        OFF
    }

    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 16L;

    /** @throws IllegalArgumentException if the byte limit is not between 1 byte and 2 GB */
    public ImageProperties {
        if (maxBytes.toBytes() < 1 || maxBytes.toBytes() > LARGEST_ARRAY) {
            throw new IllegalArgumentException(
                    "captioner.image.max-bytes must lie between 1B and %dB, not %s".formatted(LARGEST_ARRAY, maxBytes));
        }
    }
}
