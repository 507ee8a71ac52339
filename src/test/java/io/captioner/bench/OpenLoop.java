package io.captioner.bench;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A load that comes when it comes, whether or not the server has answered: Poisson arrivals at a rate. */
final class OpenLoop {
    private static final long DRAIN_SECONDS = 120;

    private OpenLoop() {}

    /** Runs a load for a time, and waits for the last answer. */
    static Load run(Client sender, double rate, Duration duration, long seed) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        return run(sender, rate, () -> System.nanoTime() < end, seed);
    }

    /** Runs a load for as long as {@code goesOn} says, and waits for the last answer. */
    static Load run(Client sender, double rate, BooleanSupplier goesOn, long seed) throws InterruptedException {
        PoissonSchedule schedule = new PoissonSchedule(rate, seed);
        Queue<Sample> samples = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            long start = System.nanoTime();
            while (goesOn.getAsBoolean()) {
                long due = start + schedule.next();
                sleepUntil(due);
                threads.execute(() -> samples.add(sender.send(due)));
            }
            long end = System.nanoTime();
            threads.shutdown();
            if (!threads.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "requests were not answered within %d s of the load's end".formatted(DRAIN_SECONDS));
            }
            return new Load(List.copyOf(samples), start, end);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void sleepUntil(long due) {
        for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }
}
