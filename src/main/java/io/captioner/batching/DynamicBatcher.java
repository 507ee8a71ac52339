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
 * <p><b>When a batch closes.</b> Work-conserving: whenever the device is free it takes, from the oldest input on, all
 * that share that input's key, up to the largest size. With {@link BatchSettings#maxDelay()} zero this happens at once:
 * a lone input never waits for company, and under load batches grow while the device is busy. With a longer delay a
 * free device waits until the batch of some key is full or the oldest input has been waiting for that long, time behind
 * other batches included. So an input starts at the latest when the delay is over and the device has finished the
 * batches of older inputs; inputs of one key start in the order they came. Of several devices
 * ({@link BatchSettings#devices()}) each counts so. While all run a batch, another one
 * ({@link BatchSettings#runsAtOnce()}) begins only if it is full.
 *
 * <p><b>What becomes of an input.</b> Accepted, it waits; then it runs, and its future completes with the output, or
 * with {@link BatchFailedException} if the device failed on it alone. Before every run, inputs that are no longer
 * wanted (their future is done, or whoever submitted them says so) are dropped and their futures cancelled, and those
 * past their deadline fail with {@link DeadlineExceededException}. A cancelled input gives its place in the queue free
 * at once; an expired one when the device is next free or the place is needed: who must answer at the very deadline
 * cancels the future then. A batch that fails is halved and each half tried again before anything else runs, so no
 * neighbour of a bad input fails; if the device's memory ran out, the largest size is lowered as well, to be tried
 * again after a number of good runs.
 *
 * <p><b>Threads and ownership.</b> The batcher owns a daemon thread for each run that may be under way, the only ones
 * that call the runner; keys and inputs belong to the batcher until the future completes. Futures complete on the given
 * executor, which the batcher does not own: a slow continuation never holds up the device. All methods may be called by
 * any thread but, for {@link #close}, the batcher's own.
 *
 * @param <K> what the inputs of a batch have in common, compared by {@code equals}
 * @param <I> one input
 * @param <O> one output
 */
public final class DynamicBatcher<K, I, O> implements AutoCloseable {
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

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
     * @param listener hears what happens
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
                .limit(settings.runsAtOnce())
                .toList();
        this.threads = IntStream.range(0, workers.size())
                .mapToObj(i -> new Thread(workers.get(i), "%s-device-%d".formatted(name, i + 1)))
                .toList();
        this.threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    /**
     * Accepts an input, or refuses it at once; never blocks.
     *
     * @return completes as the class says; cancelling it drops the input
     * @throws QueueFullException if there is no room
     * @throws BatcherClosedException once the batcher is closed
     */
    public CompletableFuture<Batched<O>> submit(K key, I input, Deadline deadline) {
        return submitAll(key, List.of(input), deadline).get(0);
    }

    /** Accepts all of the inputs, or refuses all at once, wanted until their futures are done. */
    public List<CompletableFuture<Batched<O>>> submitAll(K key, List<I> inputs, Deadline deadline) {
        return submitAll(key, inputs, deadline, () -> false);
    }

    /**
     * Accepts all of the inputs, or refuses all at once; never blocks. They may run in several batches.
     *
     * @param inputs at most {@link BatchSettings#queueCapacity()}
     * @param unwanted asked on the device thread just before a run that one of the inputs would be part of: whether
     *     nobody is there any more to hear the answers; it must return at once, for the device waits for it
     * @return one future for each input, in order
     * @throws QueueFullException if there is no room for all of them
     * @throws BatcherClosedException once the batcher is closed
     * @throws IllegalArgumentException if there would never be room for so many
     */
    public List<CompletableFuture<Batched<O>>> submitAll(
            K key, List<I> inputs, Deadline deadline, BooleanSupplier unwanted) {
        if (inputs.size() > capacity) {
            throw new IllegalArgumentException(
                    "%d inputs never fit into a queue of %d: submit fewer at once".formatted(inputs.size(), capacity));
        }
        long now = nanoTime.getAsLong();
        List<Entry<K, I, O>> entries = inputs.stream()
                .map(input -> new Entry<K, I, O>(key, input, deadline, unwanted, now))
                .toList();
        if (!queue.offer(entries)) {
            any().expire(queue.removeExpired());
            if (!queue.offer(entries)) {
                any().report(l -> l.refused(entries.size()));
                throw new QueueFullException(entries.size(), capacity);
            }
        }
        any().report(l -> l.enqueued(entries.size(), queue.size()));
        return entries.stream().map(this::futureOf).toList();
    }

    /** Returns how many inputs wait, not counting those on the device. */
    public int queued() {
        return queue.size();
    }

    /** Returns the largest size that is run now; below the settings' maximum after the device's memory ran out. */
    public int ceiling() {
        return ceiling.current();
    }

    /** Closes with a grace of 10 seconds. */
    @Override
    public void close() {
        close(DEFAULT_GRACE);
    }

    /**
     * Refuses new inputs from now on, finishes those that were accepted, and after the grace fails what is left with
     * {@link BatcherClosedException}. Blocks until all that is accepted has been run or given up; its futures may
     * complete a little later. Closing again is allowed, and may shorten the grace. An interrupt ends the grace.
     */
    public void close(Duration grace) {
        queue.close();
        boolean interrupted = false;
        try {
            Deadline end = Deadline.after(grace, System::nanoTime);
            for (Thread thread : threads) {
                // join(0) would wait for ever.
                thread.join(Math.max(1, end.remaining().toMillis()));
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (threads.stream().anyMatch(Thread::isAlive)) {
            workers.forEach(DeviceWorker::abandon);
            any().fail(queue.drain(), new BatcherClosedException());
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
        // Whoever completes it while it waits, by cancelling it or otherwise, no longer wants it.
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
