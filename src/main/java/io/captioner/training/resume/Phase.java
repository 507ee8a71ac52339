package io.captioner.training.resume;

/** The phases of a training run, in their order. */
public enum Phase {
    /** Towards people's captions, on a frozen encoder. */
    CROSS_ENTROPY,
    /** The same, and the encoder with the decoder. */
    FINE_TUNING,
    /** Towards captions that score high. */
    SELF_CRITICAL
}
