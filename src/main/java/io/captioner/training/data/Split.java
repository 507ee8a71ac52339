package io.captioner.training.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The part of a data set that a photo belongs to. */
public enum Split {
    /** What the model learns from; {@code train} or {@code training} in files. */
    TRAIN("train", "training"),
    /**
     * What picks the best checkpoint; {@code val}, {@code valid}, {@code validation}, {@code dev} or {@code eval} in
     * files.
     */
    VALIDATION("val", "valid", "validation", "dev", "eval", "evaluation"),
    /** What is scored once, at the end; {@code test} or {@code testing} in files. */
    TEST("test", "testing");

    private final String label;
    private final List<String> others;

    Split(String label, String... others) {
        this.label = label;
        this.others = List.of(others);
    }

    /** Returns the name that files use. */
    public String label() {
        return label;
    }

    /** Returns the split of a name in a file, in any capitals. */
    static Optional<Split> ofLabel(String label) {
        String name = label.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(split -> split.label.equals(name) || split.others.contains(name))
                .findFirst();
    }
}
