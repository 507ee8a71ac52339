package io.captioner.registry;

import io.captioner.model.CaptionModel;
import org.jspecify.annotations.Nullable;

/** Receives the events of bundles, on the thread that loads them; a listener returns soon and throws nothing. */
public interface ModelListener {
    /** Ignores all events. */
    ModelListener NONE = new ModelListener() {};

    /**
     * A version is served from now on.
     *
     * @param from the version that was served before, null for none
     * @param to the version that is served now
     * @param device where it runs, as in {@link CaptionModel#device}
     */
    default void swapped(String name, @Nullable String from, String to, String device) {}

    /** A version is broken and is not served. */
    default void refused(String name, String version, String reason) {}
}
