package io.captioner.archive;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.files.FileFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.lucene.store.LockObtainFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/**
 * The archive in a directory: a log that is forced for each group of changes, and a Lucene index that is committed now
 * and then and brought up to date from the log when it is opened. If the index fails, it is opened again from its last
 * commit and the log; meanwhile changes are durable, and not found.
 */
final class LocalStore implements AnswerStore {
    private static final Logger log = LoggerFactory.getLogger(LocalStore.class);
    private static final int COMMIT_CHANGES = 2000;
    private static final long COMMIT_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long FORCE_NANOS = Duration.ofMillis(500).toNanos();
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    /** How much more than needed is deleted, so that not every sweep has to. */
    private static final double SPARE = 0.05;

    private final Path directory;
    private final Duration maxAge;
    private final DataSize maxSize;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final ChangeLog changes;

    private volatile @Nullable CaptionIndex index;
    private volatile String writeFault = "";
    private volatile String indexFault = "";
    private volatile boolean commitDue;

    private int uncommitted;
    private long committed;
    private long forced;
    private long triedToOpen;

    /** One sweep at a time. */
    private final Object sweeping = new Object();

    /**
     * Opens the archive of a directory, made if it is absent. An index that cannot be opened, on a full disk for
     * instance, is tried again later.
     *
     * @param clock by which entries age
     * @param nanoTime as {@link System#nanoTime()}
     * @throws IOException if the directory cannot be used; the message says what to do
     */
    LocalStore(ArchiveProperties properties, Clock clock, LongSupplier nanoTime) throws IOException {
        this.directory = properties.directory();
        this.maxAge = properties.maxAge();
        this.maxSize = properties.maxSize();
        this.clock = clock;
        this.nanoTime = nanoTime;
        try {
            Files.createDirectories(directory);
            this.changes = new ChangeLog(directory, properties.sync());
        } catch (IOException e) {
            throw new IOException(
                    "captioner.archive.directory is %s, which cannot be used: %s; set it to a directory that the service may write to"
                            .formatted(directory, FileFaults.reason(e)),
                    e);
        }
        try {
            open();
        } catch (IOException e) {
            if (e.getCause() instanceof LockObtainFailedException) {
                throw e;
            }
            triedToOpen = nanoTime.getAsLong();
            failed(e);
        }
    }

    private void open() throws IOException {
        CaptionIndex opened;
        try {
            opened = new CaptionIndex(directory.resolve("index"));
        } catch (LockObtainFailedException e) {
            throw new IOException(
                    "captioner.archive.directory is %s, which another process uses: give each process a directory of its own"
                            .formatted(directory),
                    e);
        }
        try {
            changes.replay(opened.firstLog(), change -> {
                try {
                    opened.apply(change);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            commit(opened);
        } catch (UncheckedIOException e) {
            opened.close();
            throw Objects.requireNonNull(e.getCause());
        } catch (IOException | RuntimeException | Error e) {
            opened.close();
            throw e;
        }
        index = opened;
        indexFault = "";
    }

    private void commit(CaptionIndex open) throws IOException {
        long next = changes.next();
        open.commit(next);
        changes.removeBefore(next);
        uncommitted = 0;
        commitDue = false;
        committed = nanoTime.getAsLong();
    }

    @Override
    public boolean has(String id) {
        CaptionIndex open = index;
        try {
            return open != null && open.has(id);
        } catch (IOException | RuntimeException e) {
            return false; // then it is written again, which changes nothing
        }
    }

    @Override
    public void write(List<Pending> batch) {
        try {
            changes.append(batch.stream().map(Pending::change).toList());
        } catch (IOException e) {
            writeFailed(e);
            batch.forEach(pending -> pending.durable().completeExceptionally(e));
            return;
        }
        if (!writeFault.isEmpty()) {
            log.info("Answers are archived again");
            writeFault = "";
        }
        uncommitted += batch.size();
        changeIndex(open -> {
            for (Pending pending : batch) {
                open.apply(pending.change());
            }
        });
        batch.forEach(pending -> pending.durable().complete(null));
    }

    private void writeFailed(IOException e) {
        String reason = FileFaults.reason(e);
        if (!reason.equals(writeFault)) {
            log.error("Answers are not archived: {} cannot be written: {}", directory, reason);
        }
        writeFault = reason;
    }

    @Override
    public void tick() {
        long now = nanoTime.getAsLong();
        if (now - forced > FORCE_NANOS) {
            forced = now;
            try {
                changes.force();
            } catch (IOException e) {
                writeFailed(e);
            }
        }
        if (index == null) {
            reopen(now);
        } else if (commitDue || uncommitted >= COMMIT_CHANGES || uncommitted > 0 && now - committed > COMMIT_NANOS) {
            changeIndex(this::commit);
        }
    }

    private void reopen(long now) {
        if (now - triedToOpen < RETRY_NANOS) {
            return;
        }
        triedToOpen = now;
        try {
            open();
            log.info("The index of the archive is open again");
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    /** Changes or commits the index. */
    private interface IndexWork {
        void on(CaptionIndex open) throws IOException;
    }

    private void changeIndex(IndexWork work) {
        CaptionIndex open = index;
        if (open == null) {
            return;
        }
        try {
            work.on(open);
        } catch (IOException | RuntimeException e) {
            index = null;
            triedToOpen = nanoTime.getAsLong();
            failed(e);
            try {
                open.close();
            } catch (IOException | RuntimeException again) {
                log.debug("the index could not be closed", again);
            }
        }
    }

    private void failed(Exception failure) {
        String reason = failure instanceof IOException io ? FileFaults.reason(io) : failure.toString();
        if (!reason.equals(indexFault)) {
            log.error("Archived answers are not found now, the index in {} failed: {}", directory, reason);
        }
        indexFault = reason;
    }

    /**
     * Deletes what is too old, or too much, and removes the bytes of what was deleted from the disk. For any thread; it
     * may take as long as it takes to copy a part of the index.
     */
    void sweep() {
        synchronized (sweeping) {
            CaptionIndex open = index;
            if (open == null) {
                return;
            }
            try {
                sweep(open);
                commitDue = true;
            } catch (IOException | RuntimeException e) {
                log.warn("Old entries of the archive could not be deleted: {}", e.toString());
            }
        }
    }

    @GuardedBy("sweeping") private void sweep(CaptionIndex open) throws IOException {
        if (!maxAge.isZero()) {
            open.deleteBefore(clock.instant().minus(maxAge));
        }
        open.purge();
        long bytes = open.bytes();
        if (maxSize.toBytes() > 0 && bytes > maxSize.toBytes()) {
            double share = (bytes - maxSize.toBytes() * (1 - SPARE)) / bytes;
            open.deleteOldest((int) Math.ceil(share * open.entries()));
            open.purge();
        }
    }

    /**
     * Returns the index.
     *
     * @throws ArchiveUnavailableException if it failed and is not open again
     */
    CaptionIndex index() {
        CaptionIndex open = index;
        if (open == null) {
            throw new ArchiveUnavailableException(
                    "The archive cannot be read now: try again later; the log of the service says what is wrong.",
                    new IOException(indexFault));
        }
        return open;
    }

    @Override
    public ArchiveStatus status() {
        CaptionIndex open = index;
        long entries = ArchiveStatus.UNKNOWN;
        long bytes = ArchiveStatus.UNKNOWN;
        try {
            if (open != null) {
                entries = open.entries();
                bytes = open.bytes() + changes.bytes();
            }
        } catch (IOException | RuntimeException e) {
            log.debug("the state of the archive could not be read", e);
        }
        return new ArchiveStatus(writeFault.isEmpty(), writeFault.isEmpty() ? indexFault : writeFault, entries, bytes);
    }

    @Override
    public void close() throws IOException {
        changeIndex(this::commit);
        try (changes) {
            CaptionIndex open = index;
            index = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
