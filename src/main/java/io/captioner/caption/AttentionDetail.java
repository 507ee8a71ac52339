package io.captioner.caption;

/** How much of the attention goes into an answer. */
public enum AttentionDetail {
    /** Nothing. */
    NONE,
    /** Peak, box and entropy of each word. */
    SUMMARY,
    /** The summary, and the weights of every grid cell. */
    GRID
}
