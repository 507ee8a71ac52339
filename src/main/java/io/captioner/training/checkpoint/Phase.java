package io.captioner.training.checkpoint;

/** The phases of a training run, in their order. */
public enum Phase {
    /** Towards people's captions. */
    CROSS_ENTROPY,
    /** Towards captions that score high. */
    SELF_CRITICAL
}
