package io.captioner.archive;

import io.captioner.archive.AnswerStore.Pending;
import io.captioner.jobs.DaemonThreads;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: changes that come while it writes are written together next, so that many answers cost
 * one force of the disk.
 */
final class GroupCommit implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    /** Changes that wait, each with its thumbnail; a request with more gets no id. */
    private static final int CAPACITY = 1024;

    private static final int MOST_TOGETHER = 256;
    private static final long TICK_MILLIS = 500;

    private final AnswerStore store;
    private final ArchiveListener listener;
    private final LongSupplier nanoTime;
    private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>(CAPACITY);
    private final ExecutorService thread = DaemonThreads.pool("archive-writer", 1);
    private final Future<?> running;
    private volatile boolean closed;

    /**
     * A thread that waits for changes.
     *
     * @param store closed with this
     * @param nanoTime as {@link System#nanoTime()}
     */
    GroupCommit(AnswerStore store, ArchiveListener listener, LongSupplier nanoTime) {
        this.store = store;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.running = thread.submit(this::run);
    }

    /**
     * Hands a change to the thread that writes.
     *
     * @return completes when it is durable; with a {@link RejectedExecutionException} if too many wait
     */
    CompletableFuture<Void> submit(Change change) {
        Pending pending = new Pending(change);
        if (closed || !queue.offer(pending)) {
            pending.durable().completeExceptionally(new RejectedExecutionException("too many answers wait"));
        }
        return pending.durable();
    }

    private void run() {
        while (!closed || !queue.isEmpty()) {
            List<Pending> batch = new ArrayList<>();
            try {
                Pending first = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, MOST_TOGETHER - 1);
                    write(batch);
                }
                store.tick();
            } catch (InterruptedException stopped) {
                closed = true;
            } catch (RuntimeException bug) {
                log.error("A bug: the archive failed unexpectedly", bug);
                batch.forEach(pending -> pending.durable().completeExceptionally(bug));
            }
        }
    }

    private void write(List<Pending> batch) {
        long start = nanoTime.getAsLong();
        store.write(batch);
        long written = batch.stream()
                .filter(pending -> !pending.durable().isCompletedExceptionally())
                .count();
        if (written > 0) {
            listener.written((int) written, Duration.ofNanos(nanoTime.getAsLong() - start));
        }
    }

    /** Writes what waits, and closes the store. */
    @Override
    public void close() throws IOException {
        closed = true;
        try {
            running.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            log.error("A bug: the archive ended unexpectedly", e.getCause());
        } finally {
            thread.shutdown();
            store.close();
        }
    }
}
