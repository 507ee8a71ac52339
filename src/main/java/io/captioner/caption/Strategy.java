package io.captioner.caption;

import io.captioner.model.DecodeOptions;

/** How the words of a caption are chosen. */
public enum Strategy {
    /** The most probable caption that a beam of hypotheses finds. */
    BEAM,
    /** The likeliest word, each time. */
    GREEDY,
    /** Words drawn by chance, as probable as the model thinks they are. */
    SAMPLE;

    /** Returns the strategy that these options stand for. */
    public static Strategy of(DecodeOptions options) {
        if (options.sampling() != null) {
            return SAMPLE;
        }
        return options.beamWidth() == 1 ? GREEDY : BEAM;
    }
}
