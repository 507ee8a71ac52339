package io.captioner.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The requests of one load and their answers.
 *
 * @param start from when on figures count, {@link System#nanoTime()}
 * @param end when it stopped sending; answers may come later
 * @param cpuSeconds processor time of the client
 */
public record Load(List<Sample> samples, long start, long end, double cpuSeconds) {
    private static final double NANOS = 1e9;
    private static final Set<Integer> REFUSALS = Set.of(429, 503);
    private static final Set<Integer> ALLOWED_5XX = Set.of(503, 504);

    /**
     * One request; times are those of {@link System#nanoTime()}.
     *
     * @param sent when its sending began
     * @param done when its answer was complete
     * @param status the answer's status, {@link #NONE} without an answer
     */
    record Sample(long sent, long done, int status) {
        static final int NONE = 0;

        boolean ok() {
            return status == Connection.OK;
        }

        /** Returns whether the server answered that it has too much to do: 429 and 503. */
        boolean refused() {
            return REFUSALS.contains(status);
        }

        /** Returns whether a good request got no answer, or an error of the server that is no refusal. */
        boolean fault() {
            return status == NONE || (status >= 500 && !ALLOWED_5XX.contains(status));
        }

        long nanos() {
            return done - sent;
        }
    }

    double seconds() {
        return (end - start) / NANOS;
    }

    long count(Predicate<Sample> which) {
        return samples.stream().filter(which).count();
    }

    /** Returns images answered with 200 a second, while the load went on. */
    double goodput() {
        return goodput(start, end);
    }

    /** Returns images answered with 200 a second between two times. */
    double goodput(long from, long to) {
        return count(sample -> sample.ok() && sample.done() >= from && sample.done() < to) * NANOS / (to - from);
    }

    /**
     * Returns the answers with 200 a second from one answer to another, in the order in which they came, and the
     * latencies of those between; NaN and none if there are not that many.
     */
    double rate(int from, int to, Latencies latencies) {
        List<Sample> answered = samples.stream()
                .filter(Sample::ok)
                .sorted(Comparator.comparingLong(Sample::done))
                .toList();
        if (answered.size() <= to) {
            return Double.NaN;
        }
        answered.subList(from, to).forEach(sample -> latencies.add(sample.nanos()));
        return (to - from)
                * NANOS
                / (answered.get(to).done() - answered.get(from).done());
    }

    /** Returns the latencies of requests that were sent since {@link #start()}. */
    Latencies latencies(Predicate<Sample> which) {
        Latencies latencies = new Latencies();
        samples.stream()
                .filter(sample -> sample.sent() >= start && which.test(sample))
                .forEach(sample -> latencies.add(sample.nanos()));
        return latencies;
    }
}
