package io.captioner.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that feeds the device: takes batches off the queue, pads, runs and halves them, and completes futures. */
final class DeviceWorker<K, I, O> implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(DeviceWorker.class);

    private final BatchQueue<K, I, O> queue;
    private final BatchSizeLimit ceiling;
    private final int maxAttempts;
    private final BatchRunner<K, I, O> runner;
    private final Predicate<Throwable> outOfMemory;
    private final Executor completions;
    private final LongSupplier nanoTime;
    private final BatchListener listener;

    private volatile List<Entry<K, I, O>> taken = List.of();
    private volatile boolean abandoned;

    DeviceWorker(
            BatchQueue<K, I, O> queue,
            BatchSizeLimit ceiling,
            BatchSettings settings,
            BatchRunner<K, I, O> runner,
            Predicate<Throwable> outOfMemory,
            Executor completions,
            LongSupplier nanoTime,
            BatchListener listener) {
        this.queue = queue;
        this.ceiling = ceiling;
        this.maxAttempts = settings.maxAttempts();
        this.runner = runner;
        this.outOfMemory = outOfMemory;
        this.completions = completions;
        this.nanoTime = nanoTime;
        this.listener = listener;
    }

    @Override
    public void run() {
        while (true) {
            try {
                BatchQueue.Take<K, I, O> take = queue.take(ceiling.current());
                if (take == null) {
                    return;
                }
                taken = take.batch();
                runAll(take);
            } catch (InterruptedException e) {
                // The runner may have left the flag set; only abandon() ends this thread early.
                if (abandoned) {
                    return;
                }
            } catch (Throwable bug) {
                log.error("bug: the device thread of a batcher failed", bug);
                fail(taken, new BatchFailedException("bug: the batcher failed on this batch", bug));
            } finally {
                taken = List.of();
            }
        }
    }

    private void runAll(BatchQueue.Take<K, I, O> take) {
        BatchForming.Run run = take.run();
        try {
            expire(take.expired());
            if (run != null) {
                attempt(run, take.batch());
            }
        } finally {
            if (run != null) {
                queue.done(run);
            }
        }
    }

    /** Fails what the device holds; called by the thread that closes the batcher. */
    void abandon() {
        abandoned = true;
        fail(taken, BatchRejectedException.batcherClosed());
    }

    void expire(List<Entry<K, I, O>> entries) {
        entries.forEach(entry -> report(l -> l.dropped(BatchListener.Drop.EXPIRED)));
        fail(
                entries,
                new BatchRejectedException(
                        BatchRejectedException.Reason.DEADLINE_EXCEEDED,
                        "the deadline passed in the queue: allow more time, or send less at once"));
    }

    void fail(List<Entry<K, I, O>> entries, RuntimeException why) {
        for (Entry<K, I, O> entry : entries) {
            complete(() -> entry.future.completeExceptionally(why));
        }
    }

    void report(Consumer<BatchListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            log.warn("a batch listener failed, so its figures are wrong from now on: fix the listener", e);
        }
    }

    private void attempt(BatchForming.Run run, List<Entry<K, I, O>> batch) {
        if (abandoned) {
            fail(batch, BatchRejectedException.batcherClosed());
            return;
        }
        List<Entry<K, I, O>> live = dropDead(batch);
        if (live.isEmpty()) {
            return;
        }
        int paddedSize = ceiling.padded(live.size());
        long start = nanoTime.getAsLong();
        List<O> outputs;
        try {
            outputs = runner.run(live.get(0).key, padded(live, paddedSize));
        } catch (Throwable failure) {
            retry(run, live, paddedSize, failure);
            return;
        }
        succeed(run, live, paddedSize, outputs, start, nanoTime.getAsLong());
    }

    /** Entries may be cancelled or expire until the very moment before a run, also between a run and its retry. */
    private List<Entry<K, I, O>> dropDead(List<Entry<K, I, O>> batch) {
        List<Entry<K, I, O>> live = new ArrayList<>(batch.size());
        for (Entry<K, I, O> entry : batch) {
            if (entry.deadline.expired()) {
                expire(List.of(entry));
            } else if (entry.future.isDone() || isUnwanted(entry)) {
                report(l -> l.dropped(BatchListener.Drop.CANCELLED));
                complete(() -> entry.future.cancel(false));
            } else {
                live.add(entry);
            }
        }
        return live;
    }

    private boolean isUnwanted(Entry<K, I, O> entry) {
        try {
            return entry.unwanted.getAsBoolean();
        } catch (RuntimeException bug) {
            log.warn("bug: the check whether an input is still wanted failed, so the input runs", bug);
            return false;
        }
    }

    private List<I> padded(List<Entry<K, I, O>> live, int paddedSize) {
        List<I> inputs = new ArrayList<>(paddedSize);
        live.forEach(entry -> inputs.add(entry.input));
        inputs.addAll(Collections.nCopies(paddedSize - live.size(), inputs.get(live.size() - 1)));
        return Collections.unmodifiableList(inputs);
    }

    private void succeed(
            BatchForming.Run run, List<Entry<K, I, O>> live, int paddedSize, List<O> outputs, long start, long end) {
        if (outputs.size() != paddedSize) {
            IllegalStateException bug = new IllegalStateException(
                    "bug: the runner gave %d outputs for %d inputs".formatted(outputs.size(), paddedSize));
            report(l -> l.failed(live.size(), bug));
            fail(live, new BatchFailedException(String.valueOf(bug.getMessage()), bug));
            return;
        }
        int before = ceiling.current();
        ceiling.ranWell(paddedSize);
        reportCeiling(before);
        boolean isWhole = paddedSize == ceiling.padded(run.inputs());
        queue.answered(run, live.size(), isWhole ? paddedSize : 0, end - start);
        Duration ran = Duration.ofNanos(end - start);
        List<Duration> queued = live.stream()
                .map(entry -> Duration.ofNanos(start - entry.enqueuedAt))
                .toList();
        report(l -> l.ran(live.size(), paddedSize, queued, ran));
        for (int i = 0; i < live.size(); i++) {
            Entry<K, I, O> entry = live.get(i);
            Batched<O> answer = new Batched<>(outputs.get(i), queued.get(i), ran, live.size());
            complete(() -> entry.future.complete(answer));
        }
    }

    private void retry(BatchForming.Run run, List<Entry<K, I, O>> live, int paddedSize, Throwable failure) {
        if (outOfMemory.test(failure)) {
            int before = ceiling.current();
            ceiling.lowerBelow(paddedSize);
            reportCeiling(before);
        }
        if (live.size() == 1 && ++live.get(0).failedAlone >= maxAttempts) {
            report(l -> l.failed(1, failure));
            fail(
                    live,
                    new BatchFailedException(
                            "the device failed on this input alone, %d times".formatted(maxAttempts), failure));
            return;
        }
        report(l -> l.retried(live.size(), failure));
        int half = (live.size() + 1) / 2;
        int from = 0;
        while (from < live.size()) {
            // The ceiling may fall on the way.
            int to = Math.min(from + Math.min(half, ceiling.current()), live.size());
            attempt(run, live.subList(from, to));
            from = to;
        }
    }

    private void reportCeiling(int before) {
        int now = ceiling.current();
        if (now != before) {
            report(l -> l.ceilingChanged(before, now));
        }
    }

    private void complete(Runnable completion) {
        try {
            completions.execute(completion);
        } catch (RejectedExecutionException shutDown) {
            // Completed on this thread: no caller may wait for ever on an executor that is gone.
            completion.run();
        }
    }
}
