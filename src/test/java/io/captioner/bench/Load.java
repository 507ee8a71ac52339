package io.captioner.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What was sent to the server, and what came back.
 *
 * @param start from when on figures count, {@link System#nanoTime()}
 * @param end when it stopped sending; answers may come later
 */
record Load(List<Sample> samples, long start, long end) {
    private static final double NANOS = 1e9;

    double seconds() {
        return (end - start) / NANOS;
    }

    long count(Predicate<Sample> which) {
        return samples.stream().filter(which).count();
    }

    /** Returns images answered well a second, while the load went on. */
    double goodput() {
        return goodput(start, end);
    }

    /** Returns images answered well a second between two times. */
    double goodput(long from, long to) {
        return count(sample -> sample.ok() && sample.done() >= from && sample.done() < to) * NANOS / (to - from);
    }

    Latencies latencies(Predicate<Sample> which) {
        Latencies latencies = new Latencies();
        samples.stream().filter(which).forEach(sample -> latencies.add(sample.nanos()));
        return latencies;
    }

    /** Returns how many requests ended with each status. */
    Map<Integer, Long> statuses() {
        Map<Integer, Long> statuses = new TreeMap<>();
        samples.forEach(sample -> statuses.merge(sample.status(), 1L, Long::sum));
        return statuses;
    }
}
