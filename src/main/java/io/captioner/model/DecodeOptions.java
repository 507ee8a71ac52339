package io.captioner.model;

import org.jspecify.annotations.Nullable;

/**
 * How captions are found.
 *
 * @param beamWidth hypotheses kept at each step of the search, at least 1; 1 is greedy search. With sampling, how many
 *     captions are drawn.
 * @param maxWords words after which a caption is cut, at least 1
 * @param lengthPenalty exponent p of the score log P(caption) / (words + 1)^p by which finished hypotheses are ranked;
 *     0 ranks by plain log-probability, larger favours longer captions
 * @param noRepeatNgram no run of so many words stands twice in a caption, 0 to {@value #MAX_NO_REPEAT}; 0 for no limit
 * @param sampling how words are drawn; null if they are searched for
 */
public record DecodeOptions(
        int beamWidth,
        int maxWords,
        float lengthPenalty,
        int noRepeatNgram,
        @Nullable Sampling sampling) {
    /** Longest run of words that can be kept from standing twice. */
    public static final int MAX_NO_REPEAT = 4;

    /** @throws IllegalArgumentException if a component is out of its range */
    public DecodeOptions {
        if (beamWidth < 1
                || maxWords < 1
                || !Float.isFinite(lengthPenalty)
                || lengthPenalty < 0
                || noRepeatNgram < 0
                || noRepeatNgram > MAX_NO_REPEAT) {
            throw new IllegalArgumentException(
                    "bug: no search runs with beam width %d, %d words, length penalty %s, no repeated run of %d"
                            .formatted(beamWidth, maxWords, lengthPenalty, noRepeatNgram));
        }
    }

    /** A search in which words may repeat. */
    public DecodeOptions(int beamWidth, int maxWords, float lengthPenalty) {
        this(beamWidth, maxWords, lengthPenalty, 0, null);
    }
}
