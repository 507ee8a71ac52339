package io.captioner.caption;

import org.jspecify.annotations.Nullable;

/**
 * What a request wants of words that are drawn by chance; null stands for the default.
 *
 * @param temperature divisor of the log-probabilities, {@value #MIN_TEMPERATURE} to {@value #MAX_TEMPERATURE}; null for
 *     1
 * @param topK only so many of the likeliest words may be drawn, 1 to {@value #MAX_TOP_K}; null for no limit
 * @param topP only the likeliest words that together have this probability may be drawn, above 0 to 1; null for no
 *     limit
 * @param seed the same seed draws the same words; null for 0
 */
public record SamplingOptions(
        @Nullable Float temperature,
        @Nullable Integer topK,
        @Nullable Float topP,
        @Nullable Integer seed) {
    /** Where nothing is asked for. */
    public static final SamplingOptions DEFAULTS = new SamplingOptions(null, null, null, null);

    /** Lowest temperature: hardly anything but the likeliest word is drawn. */
    public static final float MIN_TEMPERATURE = 0.05f;

    /** Highest temperature: beyond it words have little to do with the image. */
    public static final float MAX_TEMPERATURE = 5;

    /** Highest limit of words; no vocabulary is that large. */
    public static final int MAX_TOP_K = 100_000;

    /** @throws CaptionFailure naming the parameter that is out of its range */
    public SamplingOptions {
        if (temperature != null && !(temperature >= MIN_TEMPERATURE && temperature <= MAX_TEMPERATURE)) {
            throw CaptionFailure.invalidParameter(
                    "temperature",
                    "temperature is %s; it must be a number from %s to %s."
                            .formatted(temperature, MIN_TEMPERATURE, MAX_TEMPERATURE));
        }
        if (topK != null && (topK < 1 || topK > MAX_TOP_K)) {
            throw CaptionFailure.invalidParameter(
                    "topK", "topK is %d; it must be a whole number from 1 to %d.".formatted(topK, MAX_TOP_K));
        }
        if (topP != null && !(topP > 0 && topP <= 1)) {
            throw CaptionFailure.invalidParameter(
                    "topP", "topP is %s; it must be a number above 0, at most 1.".formatted(topP));
        }
    }

    /** Returns the name of a parameter that is given; null if none is. */
    @Nullable String anyGiven() {
        if (temperature != null) {
            return "temperature";
        }
        if (topK != null) {
            return "topK";
        }
        if (topP != null) {
            return "topP";
        }
        return seed == null ? null : "seed";
    }
}
