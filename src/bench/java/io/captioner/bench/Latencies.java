package io.captioner.bench;

import java.util.Arrays;

/** Durations of which percentiles are wanted, all of them kept. For one thread. */
final class Latencies {
    private static final double NANOS_PER_MILLI = 1e6;

    private long[] nanos = new long[256];
    private int count;

    void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    void addAll(Latencies others) {
        for (int i = 0; i < others.count; i++) {
            add(others.nanos[i]);
        }
    }

    int count() {
        return count;
    }

    /** Returns the mean in milliseconds, NaN where there are no durations. */
    double meanMillis() {
        return count == 0
                ? Double.NaN
                : Arrays.stream(nanos, 0, count).average().orElse(0) / NANOS_PER_MILLI;
    }

    /**
     * Returns a percentile by the nearest rank: the smallest duration that at least that share is not above.
     *
     * @param percent above 0, at most 100
     * @return milliseconds, NaN where there are no durations
     */
    double millis(double percent) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * count);
        return sorted[Math.max(1, rank) - 1] / NANOS_PER_MILLI;
    }
}
