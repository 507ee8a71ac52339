package io.captioner.training.data;

import java.util.Arrays;
import java.util.Optional;

/** The part of a data set that a photo belongs to. */
public enum Split {
    /** What the model learns from; {@code train} in files. */
    TRAIN("train"),
    /** What picks the best checkpoint; {@code val} in files. */
    VALIDATION("val"),
    /** What is looked at once, at the end; {@code test} in files. */
    TEST("test");

    private final String label;

    Split(String label) {
        this.label = label;
    }

    /** Returns the name that files use. */
    public String label() {
        return label;
    }

    static Optional<Split> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(split -> split.label.equals(label))
                .findFirst();
    }
}
