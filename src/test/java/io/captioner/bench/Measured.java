package io.captioner.bench;

import java.time.Duration;

/**
 * Work of one kind that was done again and again.
 *
 * @param count how much of it was done
 * @param seconds in which it was done
 * @param cpuSeconds processor time that it took
 */
record Measured(double count, double seconds, double cpuSeconds) {
    /** A piece of work. */
    @FunctionalInterface
    interface Work {
        /** Does it, and returns how much it was. */
        double run();
    }

    /** Does the work in this process until the time is up. */
    static Measured of(Duration duration, Work work) {
        double cpu = ServerProcess.cpuSeconds(ProcessHandle.current());
        long start = System.nanoTime();
        double count = 0;
        while (System.nanoTime() - start < duration.toNanos()) {
            count += work.run();
        }
        return new Measured(
                count, (System.nanoTime() - start) / 1e9, ServerProcess.cpuSeconds(ProcessHandle.current()) - cpu);
    }

    double perSecond() {
        return count / seconds;
    }

    double cpuSecondsEach() {
        return cpuSeconds / count;
    }
}
