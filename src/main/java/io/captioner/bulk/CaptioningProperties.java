package io.captioner.bulk;

import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.DecodeRequest;
import io.captioner.model.ModelDevice;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How photos are captioned in bulk, the same for every job: {@code captioner.bulk.*}.
 *
 * @param device where the model runs: {@code auto}, {@code cpu} or {@code gpu}
 * @param batchSize most photos in one run of the device, 1 to 256; larger is more throughput and more memory
 * @param beamWidth hypotheses kept at each step, 1 to 10; unset: the bundle's own. Wider is slower
 * @param maxWords most words of a caption, 1 to 50; unset: the bundle's own
 * @param lengthPenalty exponent by which longer captions are favoured, 0 to 5; unset: the bundle's own
 * @param noRepeatNgram length in words of the runs that occur at most once in a caption, 0 to 4; unset: the bundle's
 *     own
 * @param maxBytes most bytes of a photo, 1 B to 2047 MB; a larger one gets an error line instead of a caption
 * @param maxPixels most pixels a photo may announce; decoding takes up to 5 bytes for each, times the readers
 * @param maxSide longest side a photo may announce, in pixels
 */
@ConfigurationProperties("captioner.bulk")
record CaptioningProperties(
        @DefaultValue("auto") ModelDevice device,
        @DefaultValue("16") int batchSize,
        @Nullable Integer beamWidth,
        @Nullable Integer maxWords,
        @Nullable Float lengthPenalty,
        @Nullable Integer noRepeatNgram,
        @DefaultValue("20MB") DataSize maxBytes,
        @DefaultValue("50000000") long maxPixels,
        @DefaultValue("20000") int maxSide) {
    private static final int LARGEST_BATCH = 256;

    /** @throws UnusableJobException if a value is out of its range */
    CaptioningProperties {
        if (batchSize < 1 || batchSize > LARGEST_BATCH) {
            throw new UnusableJobException(
                    "captioner.bulk.batch-size is %d: set it to 1 to %d".formatted(batchSize, LARGEST_BATCH));
        }
        if (maxBytes.toBytes() < 1 || maxBytes.toBytes() > Integer.MAX_VALUE - 16L) {
            throw new UnusableJobException(
                    "captioner.bulk.max-bytes is %s: set it to 1B to 2047MB".formatted(maxBytes));
        }
    }

    /** Returns the wishes of an HTTP request with the same parameters. */
    DecodeRequest decoding() {
        return DecodeRequest.beam(beamWidth, maxWords, lengthPenalty, noRepeatNgram);
    }

    ImageLimits limits() {
        return new ImageLimits(maxPixels, maxSide);
    }
}
