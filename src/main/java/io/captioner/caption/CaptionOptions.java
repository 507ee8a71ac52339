package io.captioner.caption;

import io.captioner.model.DecodeOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants of its captions; null stands for the default of the model's bundle.
 *
 * @param strategy how words are chosen; null for beam search
 * @param beamWidth hypotheses kept at each step of the search, 1 to {@value #MAX_BEAM_WIDTH}
 * @param alternatives captions returned for each image, 1 to the beam width, or as many as are to be drawn; null for 1
 * @param maxWords most words of a caption, 1 to {@value #MAX_WORDS}; an upper bound, so one beyond the bundle's own
 *     maximum asks for no more than that
 * @param lengthPenalty exponent by which longer captions are favoured, 0 to {@value #MAX_LENGTH_PENALTY}
 * @param noRepeatNgram no run of so many words stands twice in a caption, up to 4; 0 for no limit
 * @param sampling how words are drawn by chance
 * @param attention how much of the attention is returned
 * @param model the model's name, null for the default model
 */
public record CaptionOptions(
        @Nullable Strategy strategy,
        @Nullable Integer beamWidth,
        @Nullable Integer alternatives,
        @Nullable Integer maxWords,
        @Nullable Float lengthPenalty,
        @Nullable Integer noRepeatNgram,
        SamplingOptions sampling,
        AttentionDetail attention,
        @Nullable String model) {

    /** Widest beam that a request may ask for: device time grows with it. */
    public static final int MAX_BEAM_WIDTH = 10;

    /** Most words that a request may ask for. */
    public static final int MAX_WORDS = 50;

    /** Largest length penalty that a request may ask for; beyond it the longest hypothesis always wins. */
    public static final int MAX_LENGTH_PENALTY = 5;

    /** @throws CaptionFailure naming the parameter that is out of its range */
    public CaptionOptions {
        requireRange("beamWidth", beamWidth, MAX_BEAM_WIDTH);
        requireRange("alternatives", alternatives, MAX_BEAM_WIDTH);
        requireRange("maxWords", maxWords, MAX_WORDS);
        if (lengthPenalty != null && !(lengthPenalty >= 0 && lengthPenalty <= MAX_LENGTH_PENALTY)) {
            throw CaptionFailure.invalidParameter(
                    "lengthPenalty",
                    "lengthPenalty is %s; it must be a number from 0 to %d."
                            .formatted(lengthPenalty, MAX_LENGTH_PENALTY));
        }
        if (noRepeatNgram != null && (noRepeatNgram < 0 || noRepeatNgram > DecodeOptions.MAX_NO_REPEAT)) {
            throw CaptionFailure.invalidParameter(
                    "noRepeatNgram",
                    "noRepeatNgram is %d; it must be a whole number from 0 to %d."
                            .formatted(noRepeatNgram, DecodeOptions.MAX_NO_REPEAT));
        }
    }

    /** All defaults, of the default model. */
    public static CaptionOptions defaults() {
        return new CaptionOptions(
                null, null, null, null, null, null, SamplingOptions.DEFAULTS, AttentionDetail.SUMMARY, null);
    }

    private static void requireRange(String name, @Nullable Integer value, int maximum) {
        if (value != null && (value < 1 || value > maximum)) {
            throw CaptionFailure.invalidParameter(
                    name, "%s is %d; it must be a whole number from 1 to %d.".formatted(name, value, maximum));
        }
    }
}
