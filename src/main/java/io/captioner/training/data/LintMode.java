package io.captioner.training.data;

/** What happens to a data set in which the lint found faults. */
public enum LintMode {
    /** Reading fails and names every fault. */
    STRICT,
    /** The faulty entries are left out and their faults are reported beside the rest. */
    LENIENT
}
