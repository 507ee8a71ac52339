package io.captioner.batching;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The bounded queue in front of one device, which runs the inputs that wait together as one batch.
 *
 * <p><b>When a batch closes.</b> Whenever the device is free it takes, from the oldest input on, all that share that
 * input's key, up to the largest size. With {@link BatchSettings#maxDelay()} zero this happens at once if no further
 * input is expected: a lone input never waits, and under load batches grow while the device is busy. If inputs have
 * been announced ({@link #announce}), or clients that were just answered are likely to send their next, a free device
 * waits for them, as long as running them together saves more device time than the wait has cost before, both as
 * measured; in all no longer than the run of the inputs that wait would take, nor beyond the deadline of one of them.
 * With a longer delay a free device waits until the batch of some key is full or the oldest input has been waiting for
 * that long, time behind other batches included. So an input starts at the latest when the delay, or one run's time, is
 * over and the device has finished the batches of older inputs; inputs of one key start in the order they came. Of
 * several devices ({@link BatchSettings#devices()}) each counts so. While all run a batch, another one
 * ({@link BatchSettings#concurrentBatches()}) begins if it is full, or if it has its share of all inputs in flight and
 * runs of such shares beside each other have been faster than one run of all; but none passes an input of another key
 * that has waited for longer than the longest run.
 *
 * <p><b>What becomes of an input.</b> Accepted, it waits; then it runs, and its future completes with the output, or
 * with {@link BatchFailedException} if the device failed on it alone. Before every run, inputs that are no longer
 * wanted (their future is done, or the submitter's check says so) are dropped and their futures cancelled, and those
 * past their deadline fail with {@link BatchRejectedException}. A cancelled input frees its place in the queue at once;
 * an expired one when the device is next free or the place is needed: a caller that must answer exactly at the deadline
 * cancels the future then. A batch that fails is halved and each half retried before anything else runs, so a bad input
 * does not fail the others in its batch; if the device's memory ran out, the largest size is lowered as well, and tried
 * again after a number of good runs.
 *
 * <p><b>Threads and ownership.</b> The batcher owns a daemon thread for each concurrent batch, the only ones that call
 * the runner; keys and inputs belong to the batcher until the future completes. Futures complete on the given executor,
 * which the batcher does not own: a slow continuation never holds up the device. All methods may be called by any
 * thread but, for {@link #close}, the batcher's own.
 *
 * @param <K> what the inputs of a batch have in common, compared by {@code equals}
 * @param <I> one input
 * @param <O> one output
 */
public final class DynamicBatcher<K, I, O> implements AutoCloseable {
    private static final Duration DEFAULT_GRACE_PERIOD = Duration.ofSeconds(10);

    private final int capacity;
    private final LongSupplier nanoTime;
    private final BatchQueue<K, I, O> queue;
    private final BatchSizeLimit ceiling;
    private final List<DeviceWorker<K, I, O>> workers;
    private final List<Thread> threads;

    /**
     * A batcher whose device threads have been started.
     *
     * @param name names the device threads
     * @param settings how batches are formed
     * @param runner runs them
     * @param outOfMemory tells whether what the runner threw means that the batch was too large for the memory
     * @param completions where futures complete; if it refuses, they complete on a device thread
     * @param nanoTime the clock, as {@link System#nanoTime()}
     * @param listener receives the batcher's events
     */
    public DynamicBatcher(
            String name,
            BatchSettings settings,
            BatchRunner<K, I, O> runner,
            Predicate<Throwable> outOfMemory,
            Executor completions,
            LongSupplier nanoTime,
            BatchListener listener) {
        this.capacity = settings.queueCapacity();
        this.nanoTime = nanoTime;
        this.queue = new BatchQueue<>(settings, nanoTime);
        this.ceiling = new BatchSizeLimit(settings);
        this.workers = Stream.generate(() -> new DeviceWorker<>(
                        queue, ceiling, settings, runner, outOfMemory, completions, nanoTime, listener))
                .limit(settings.concurrentBatches())
                .toList();
        this.threads = IntStream.range(0, workers.size())
                .mapToObj(i -> new Thread(workers.get(i), "%s-device-%d".formatted(name, i + 1)))
                .toList();
        this.threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** Accepts all of the inputs, or rejects all at once; they are wanted until their futures are done. */
    public List<CompletableFuture<Batched<O>>> submitAll(K key, List<I> inputs, Deadline deadline) {
        return submitAll(key, inputs, deadline, () -> false);
    }

    /**
     * Accepts all of the inputs, or rejects all at once; never blocks. They may run in several batches.
     *
     * @param inputs at most {@link BatchSettings#queueCapacity()}
     * @param unwanted called on the device thread just before a run with one of the inputs: whether the outputs are not
     *     wanted any more; it must return at once, because the device waits for it
     * @return one future for each input, in order; it completes as the class says, and cancelling it drops the input
     * @throws BatchRejectedException if there is no room for all of them, or the batcher is closed
     * @throws IllegalArgumentException if there are more inputs than the queue's capacity
     */
    public List<CompletableFuture<Batched<O>>> submitAll(
            K key, List<I> inputs, Deadline deadline, BooleanSupplier unwanted) {
        return submitAll(key, inputs, deadline, unwanted, 0);
    }

    private List<CompletableFuture<Batched<O>>> submitAll(
            K key, List<I> inputs, Deadline deadline, BooleanSupplier unwanted, int asAnnounced) {
        if (inputs.size() > capacity) {
            throw new IllegalArgumentException(
                    "%d inputs never fit into a queue of %d: submit fewer at once".formatted(inputs.size(), capacity));
        }
        long now = nanoTime.getAsLong();
        List<Entry<K, I, O>> entries = inputs.stream()
                .map(input -> new Entry<K, I, O>(key, input, deadline, unwanted, now))
                .toList();
        if (!queue.offer(entries, asAnnounced)) {
            any().expire(queue.removeExpired());
            if (!queue.offer(entries, asAnnounced)) {
                any().report(l -> l.refused(entries.size()));
                throw new BatchRejectedException(
                        BatchRejectedException.Reason.QUEUE_FULL,
                        "no room for %d more in a queue of %d: try again when a batch has run"
                                .formatted(entries.size(), capacity));
            }
        }
        any().report(l -> l.enqueued(entries.size(), queue.size()));
        return entries.stream().map(this::futureOf).toList();
    }

    /**
     * Announces inputs that are about to be submitted, so that a free device may wait for them instead of starting with
     * the first. Never blocks. The caller must close it in {@code finally}: what has not been submitted until then does
     * not come.
     *
     * @param inputs how many, at most {@link BatchSettings#queueCapacity()}
     */
    public Announcement announce(K key, int inputs) {
        return new Announcement(key, inputs);
    }

    /** Inputs of one key that are about to be submitted. For one thread. */
    public final class Announcement implements AutoCloseable {
        private final K key;
        private int left;

        private Announcement(K key, int inputs) {
            this.key = key;
            this.left = inputs;
            queue.announce(key, inputs);
        }

        /** Submits some of them, as {@link DynamicBatcher#submitAll(Object, List, Deadline, BooleanSupplier)} does. */
        public List<CompletableFuture<Batched<O>>> submit(List<I> inputs, Deadline deadline, BooleanSupplier unwanted) {
            int some = Math.min(left, inputs.size());
            List<CompletableFuture<Batched<O>>> futures = submitAll(key, inputs, deadline, unwanted, some);
            left -= some;
            return futures;
        }

        @Override
        public void close() {
            if (left > 0) {
                queue.withdraw(key, left);
                left = 0;
            }
        }
    }

    /** Returns how many inputs wait, not counting those on the device. */
    public int queued() {
        return queue.size();
    }

    /** Returns the largest size that is run now; below the settings' maximum after the device's memory ran out. */
    public int ceiling() {
        return ceiling.current();
    }

    /** Closes with a grace period of 10 seconds. */
    @Override
    public void close() {
        close(DEFAULT_GRACE_PERIOD);
    }

    /**
     * Rejects new inputs from now on, finishes those that were accepted, and after the grace period fails what is left
     * with {@link BatchRejectedException}. Blocks until all accepted inputs have run or failed; their futures may
     * complete a little later. Closing again is allowed, and may shorten the grace period. An interrupt ends it.
     */
    public void close(Duration gracePeriod) {
        queue.close();
        boolean interrupted = false;
        try {
            Deadline end = Deadline.after(gracePeriod, System::nanoTime);
            for (Thread thread : threads) {
                // join(0) would wait for ever.
                thread.join(Math.max(1, end.remaining().toMillis()));
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (threads.stream().anyMatch(Thread::isAlive)) {
            workers.forEach(DeviceWorker::abandon);
            any().fail(queue.drain(), BatchRejectedException.batcherClosed());
            threads.forEach(Thread::interrupt);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns a worker, for what does not need the device. */
    private DeviceWorker<K, I, O> any() {
        return workers.get(0);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what whenComplete returns only repeats the entry's own future
    private CompletableFuture<Batched<O>> futureOf(Entry<K, I, O> entry) {
        CompletableFuture<Batched<O>> future = entry.future;
        // An input whose future completes while it waits, by cancellation or otherwise, is no longer wanted.
        future.whenComplete((answer, failure) -> {
            if (queue.remove(entry)) {
                BatchListener.Drop why =
                        entry.deadline.expired() ? BatchListener.Drop.EXPIRED : BatchListener.Drop.CANCELLED;
                any().report(l -> l.dropped(why));
            }
        });
        return future;
    }
}
