package io.captioner.registry;

import io.captioner.model.CaptionModel;
import org.jspecify.annotations.Nullable;

/** Hears what becomes of bundles, on the thread that loads them; a listener returns soon and throws nothing. */
public interface ModelListener {
    /** Hears nothing. */
    ModelListener NONE = new ModelListener() {};

    /**
     * A version answers from now on.
     *
     * @param from the version that answered before, null if none did
     * @param to the version that answers now
     * @param device where that runs, as {@link CaptionModel#device} says
     */
    default void swapped(String name, @Nullable String from, String to, String device) {}

    /** A version is broken and will not answer. */
    default void refused(String name, String version, String reason) {}
}
