package io.captioner.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A load of so many clients, each of which sends its next request when it has the answer to its last. */
final class ClosedLoop {
    private ClosedLoop() {}

    /**
     * Runs a load for a time, after a quarter of that to get going: a pipeline that fills at first would count as slow.
     *
     * @return all samples, and the time without the beginning
     */
    static Load run(Client sender, int clients, Duration duration) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long start = System.nanoTime() + duration.dividedBy(4).toNanos();
            long end = start + duration.toNanos();
            List<Future<List<Sample>>> loops = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                loops.add(threads.submit(() -> loop(sender, end)));
            }
            List<Sample> samples = new ArrayList<>();
            for (Future<List<Sample>> loop : loops) {
                samples.addAll(loop.get());
            }
            return new Load(samples, start, end);
        } catch (ExecutionException e) {
            throw new IllegalStateException("bug: a client threw", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Sample> loop(Client sender, long end) {
        List<Sample> samples = new ArrayList<>();
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            samples.add(sender.send(now));
        }
        return samples;
    }
}
