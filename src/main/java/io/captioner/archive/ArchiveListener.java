package io.captioner.archive;

import java.time.Duration;
import java.util.List;

/** Receives the events of the archive, from several threads; calls must return at once. */
public interface ArchiveListener {
    /** Why an answer was not kept. */
    enum Miss {
        /** It could not be written: the disk is full, the search engine does not answer, and the like. */
        UNAVAILABLE,
        /** It was not written in time; it may still be found later. */
        LATE,
        /** Too many answers wait to be written. */
        OVERLOADED
    }

    /** Returns a listener that passes each event on to all of these. */
    static ArchiveListener all(List<ArchiveListener> listeners) {
        List<ArchiveListener> all = List.copyOf(listeners);
        return new ArchiveListener() {
            @Override
            public void written(int changes, Duration took) {
                all.forEach(listener -> listener.written(changes, took));
            }

            @Override
            public void missed(Miss why) {
                all.forEach(listener -> listener.missed(why));
            }
        };
    }

    /** Changes were made durable together. */
    default void written(int changes, Duration took) {}

    /** An answer was not acknowledged as kept. */
    default void missed(Miss why) {}
}
