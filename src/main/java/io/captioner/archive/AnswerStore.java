package io.captioner.archive;

import java.io.Closeable;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where changes of the archive are kept. One thread writes, any thread asks. */
interface AnswerStore extends Closeable {
    /**
     * A change on its way.
     *
     * @param durable completes when the change would survive a kill of the process, or with what went wrong
     */
    record Pending(Change change, CompletableFuture<Void> durable) {
        Pending(Change change) {
            this(change, new CompletableFuture<>());
        }
    }

    /** Returns whether an entry of this id is known to be kept. */
    boolean has(String id);

    /** Makes changes durable together, and completes the future of each. */
    void write(List<Pending> changes);

    /** Does what is due from time to time: called by the thread that writes, at least once a second. */
    void tick();

    ArchiveStatus status();
}
