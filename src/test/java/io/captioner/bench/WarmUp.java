package io.captioner.bench;

import java.io.IOException;
import java.time.Duration;

/**
 * Load that is not counted, until the server's just-in-time compilers rest: until then they take processor time that is
 * no part of captioning.
 */
final class WarmUp {
    private static final Duration ROUND = Duration.ofSeconds(15);
    private static final int MOST_ROUNDS = 10;
    private static final double REST = 0.02;

    private WarmUp() {}

    /** Loads a server for a time. */
    @FunctionalInterface
    interface Loader {
        void load(Duration duration) throws InterruptedException;
    }

    /** Loads the server until its compilers take less than 2 % of the time, or for two and a half minutes. */
    static void run(Report report, ServerProcess server, Loader loader) throws IOException, InterruptedException {
        double share = 1;
        for (int round = 0; round < MOST_ROUNDS && share > REST; round++) {
            double before = compiling(server);
            long start = System.nanoTime();
            loader.load(ROUND);
            share = (compiling(server) - before) / ((System.nanoTime() - start) / 1e6);
            report.progress("the server's compilers took %.1f %% of the time".formatted(100 * share));
        }
    }

    private static double compiling(ServerProcess server) throws IOException {
        return server.meters().sum("jvm_compilation_time_ms_total");
    }
}
