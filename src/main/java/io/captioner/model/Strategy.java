package io.captioner.model;

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
