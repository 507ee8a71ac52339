package io.captioner.training.data;

/** What happens to a data set in which the lint found faults. */
public enum LintMode {
    /** Reading fails and names every fault. */
    STRICT,
    /** What is faulty, and nothing else, is left out, and every fault is reported beside the rest. */
    LENIENT
}
