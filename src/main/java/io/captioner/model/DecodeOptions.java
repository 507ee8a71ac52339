package io.captioner.model;

/**
 * How captions are searched for.
 *
 * @param beamWidth hypotheses kept at each step, at least 1; 1 is greedy search
 * @param maxWords words after which a caption is cut, at least 1
 * @param lengthPenalty exponent p of the score log P(caption) / (words + 1)^p by which finished hypotheses are ranked;
 *     0 ranks by plain log-probability, larger favours longer captions
 */
public record DecodeOptions(int beamWidth, int maxWords, float lengthPenalty) {
    /** @throws IllegalArgumentException if a component is out of its range */
    public DecodeOptions {
        if (beamWidth < 1 || maxWords < 1 || !Float.isFinite(lengthPenalty) || lengthPenalty < 0) {
            throw new IllegalArgumentException("bug: no search runs with beam width %d, %d words, length penalty %s"
                    .formatted(beamWidth, maxWords, lengthPenalty));
        }
    }
}
