package io.captioner.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How captions are decoded. The constants are the ranges that a {@link DecodeRequest} may ask for.
 *
 * @param beamWidth hypotheses kept at each step of the search, at least 1; 1 is greedy search. With sampling, the
 *     number of captions that are sampled.
 * @param maxWords words after which a caption is cut, at least 1
 * @param lengthPenalty exponent p of the score log P(caption) / (words + 1)^p by which finished hypotheses are ranked;
 *     0 ranks by plain log-probability, larger favours longer captions
 * @param noRepeatNgram length of the word sequences that occur at most once in a caption, 0 to {@value #MAX_NO_REPEAT};
 *     0 for no limit
 * @param sampling how words are sampled; null for a search
 * @param words words that must or must not appear; null for no rules
 * @param consensus whether the graph adds its prior of words, if it has one, and the captions of a beam are ordered by
 *     what people wrote of the training photos, see {@link TrainingPhotos#place}, or, where the bundle does not know
 *     that, by how much they agree with each other, instead of by their scores alone; not for samples
 */
public record DecodeOptions(
        int beamWidth,
        int maxWords,
        float lengthPenalty,
        int noRepeatNgram,
        @Nullable Sampling sampling,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable WordRules words,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean consensus) {
    /** Widest beam that a request may ask for: device time grows with it. */
    public static final int MAX_BEAM_WIDTH = 10;

    /** Most words that a request may ask for. */
    public static final int MAX_WORDS = 50;

    /** Largest length penalty that a request may ask for; beyond it the longest hypothesis always wins. */
    public static final int MAX_LENGTH_PENALTY = 5;

    /** Longest word sequence whose repetition can be forbidden. */
    public static final int MAX_NO_REPEAT = 4;

    /** Lowest temperature that a request may ask for: nearly always the most probable word is sampled. */
    public static final float MIN_TEMPERATURE = 0.05f;

    /** Highest temperature that a request may ask for: beyond it words have little to do with the image. */
    public static final float MAX_TEMPERATURE = 5;

    /** Largest top-k that a request may ask for; no vocabulary is that large. */
    public static final int MAX_TOP_K = 100_000;

    /** @throws IllegalArgumentException if a component is out of its range */
    public DecodeOptions {
        if (beamWidth < 1
                || maxWords < 1
                || !Float.isFinite(lengthPenalty)
                || lengthPenalty < 0
                || noRepeatNgram < 0
                || noRepeatNgram > MAX_NO_REPEAT) {
            throw new IllegalArgumentException(
                    "bug: no search runs with beam width %d, %d words, length penalty %s, no repeated sequence of %d words"
                            .formatted(beamWidth, maxWords, lengthPenalty, noRepeatNgram));
        }
    }

    /** Captions without rules about words, ordered by their scores. */
    public DecodeOptions(
            int beamWidth, int maxWords, float lengthPenalty, int noRepeatNgram, @Nullable Sampling sampling) {
        this(beamWidth, maxWords, lengthPenalty, noRepeatNgram, sampling, null, false);
    }

    /** Returns these options with captions that are chosen by their scores alone. */
    public DecodeOptions withoutConsensus() {
        return new DecodeOptions(beamWidth, maxWords, lengthPenalty, noRepeatNgram, sampling, words, false);
    }

    /** Returns whether captions are chosen by consensus: samples never are. */
    public boolean byConsensus() {
        return consensus && sampling == null;
    }

    /** Returns how many hypotheses the search keeps: as many for each number of required words that are there. */
    public int hypotheses() {
        return words == null ? beamWidth : beamWidth * (words.require().size() + 1);
    }

    /** A search in which words may repeat. */
    public DecodeOptions(int beamWidth, int maxWords, float lengthPenalty) {
        this(beamWidth, maxWords, lengthPenalty, 0, null);
    }

    /** How the words of a caption are chosen. */
    public enum Strategy {
        /** The most probable caption that beam search finds. */
        BEAM,
        /** The most probable word at each step. */
        GREEDY,
        /** Words sampled from the model's distribution. */
        SAMPLE;

        /** Returns the strategy of these options. */
        public static Strategy of(DecodeOptions options) {
            if (options.sampling() != null) {
                return SAMPLE;
            }
            return options.beamWidth() == 1 ? GREEDY : BEAM;
        }
    }

    /**
     * How words are sampled.
     *
     * @param temperature divisor of the log-probabilities, above 0; 1 samples from the model's distribution, less
     *     favours probable words
     * @param topK number of most probable words that are sampled from; 0 for no limit (Fan et al. 2018)
     * @param topP total probability of the most probable words that are sampled from, above 0 to 1; 1 for no limit
     *     (Holtzman et al. 2020)
     * @param seed the same seed samples the same caption of the same image, alone or in any batch
     */
    public record Sampling(float temperature, int topK, float topP, int seed) {
        /** @throws IllegalArgumentException if a component is out of its range */
        public Sampling {
            if (!(temperature > 0) || !Float.isFinite(temperature) || topK < 0 || !(topP > 0 && topP <= 1)) {
                throw new IllegalArgumentException(
                        "bug: no sampling with temperature %s, top-k %d, top-p %s".formatted(temperature, topK, topP));
            }
        }
    }
}
