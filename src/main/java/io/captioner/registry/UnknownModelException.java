package io.captioner.registry;

import java.util.List;

/** No model has the requested name; others are loaded. */
public final class UnknownModelException extends RuntimeException {
    private final List<String> names;

    UnknownModelException(String name, List<String> names) {
        super("there is no model '%s'; there is %s".formatted(name, String.join(", ", names)));
        this.names = List.copyOf(names);
    }

    /** Returns the names that are loaded, sorted. */
    public List<String> names() {
        return names;
    }
}
