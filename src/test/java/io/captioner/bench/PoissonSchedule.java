package io.captioner.bench;

import java.time.Duration;
import java.util.Random;

/** Arrivals of a Poisson process: each gap is drawn from an exponential distribution, the same for the same seed. */
final class PoissonSchedule {
    private final Random random;
    private final double meanGapNanos;
    private double at;

    /** @param rate arrivals a second on average, above 0 */
    PoissonSchedule(double rate, long seed) {
        if (!(rate > 0)) {
            throw new IllegalArgumentException("nothing arrives at a rate of " + rate + " a second");
        }
        this.random = new Random(seed);
        this.meanGapNanos = Duration.ofSeconds(1).toNanos() / rate;
    }

    /** Returns when the next request is due, in nanoseconds since the start; never before the one returned last. */
    long next() {
        at -= meanGapNanos * Math.log(1 - random.nextDouble());
        return Math.round(at);
    }
}
