package io.captioner.training.weights.pytorch;

import org.jspecify.annotations.Nullable;

/** An object of a pickle whose class is not known here: its class name and its state, nothing that runs. */
public final class PythonObject {
    private final String type;
    private @Nullable Object state;

    PythonObject(String type) {
        this.type = type;
    }

    /** Returns the name of its class with its module, such as {@code models.Encoder}. */
    public String type() {
        return type;
    }

    /** Returns what {@code __setstate__} would be given, for most classes a map of its attributes; null if nothing. */
    public @Nullable Object state() {
        return state;
    }

    void setState(@Nullable Object state) {
        this.state = state;
    }

    @Override
    public String toString() {
        return type;
    }
}
