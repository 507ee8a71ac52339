package io.captioner.training.download;

import java.time.Duration;

/**
 * How long it is waited between tries, and when it is given up.
 *
 * @param attempts tries in a row without progress, at least 1
 * @param first the first wait; each further one is twice as long, up to two minutes
 * @param sleeper waits
 */
record Retries(int attempts, Duration first, Sleeper sleeper) {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /** Waits. */
    @FunctionalInterface
    interface Sleeper {
        /** Waits so long. */
        void sleep(Duration pause) throws InterruptedException;
    }

    /** Returns the wait after so many failures in a row, counted from 1. */
    Duration pause(int failures) {
        Duration pause = first.multipliedBy(1L << Math.min(30, failures - 1));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
