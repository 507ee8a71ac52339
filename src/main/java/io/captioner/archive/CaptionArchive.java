package io.captioner.archive;

import io.captioner.archive.ArchivedCaption.Correction;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The archive as its readers see it. All methods throw {@link ArchiveUnavailableException} if it cannot be read or
 * written now. Safe for use by several threads.
 */
public final class CaptionArchive {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LocalStore store;
    private final GroupCommit writer;
    private final Clock clock;

    CaptionArchive(LocalStore store, GroupCommit writer, Clock clock) {
        this.store = store;
        this.writer = writer;
        this.clock = clock;
    }

    /** Returns a page of what is found; all that was acknowledged is found. */
    public ArchivePage search(ArchiveQuery query) {
        return reading(() -> store.index().search(query));
    }

    public Optional<ArchivedCaption> find(String id) {
        return Optional.ofNullable(
                this.<@Nullable ArchivedCaption>reading(() -> store.index().find(id)));
    }

    /** Returns the thumbnail of an entry, a JPEG; empty if there is no such entry, or it has none. */
    public Optional<byte[]> thumbnail(String id) {
        return Optional.ofNullable(
                this.<byte @Nullable []>reading(() -> store.index().thumbnail(id)));
    }

    /**
     * Keeps a person's text beside the model's, durably.
     *
     * @param text null removes it
     * @return the entry as it is now; empty if there is none of this id
     */
    public Optional<ArchivedCaption> correct(String id, @Nullable String text) {
        if (find(id).isEmpty()) {
            return Optional.empty();
        }
        Correction correction =
                text == null ? null : new Correction(text, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        await(writer.submit(Change.correct(id, correction)));
        return find(id);
    }

    /** Deletes an entry, durably, and returns whether there was one. */
    public boolean delete(String id) {
        if (find(id).isEmpty()) {
            return false;
        }
        await(writer.submit(Change.delete(id)));
        return true;
    }

    private static void await(CompletableFuture<Void> durable) {
        try {
            durable.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArchiveUnavailableException("The service is shutting down: try again later.", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ArchiveUnavailableException(
                    "The archive cannot be written now, and nothing was changed for certain: try again later.", e);
        }
    }

    /** Reads the index. */
    private interface Reading<T extends @Nullable Object> {
        T from() throws IOException;
    }

    private <T extends @Nullable Object> T reading(Reading<T> reading) {
        try {
            return reading.from();
        } catch (IOException | IllegalStateException e) { // also Lucene's AlreadyClosedException
            throw new ArchiveUnavailableException(
                    "The archive cannot be read now: try again later; the log of the service says what is wrong.", e);
        }
    }
}
