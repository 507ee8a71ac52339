package io.captioner.jobs;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Pools of threads that do not keep a process alive. */
public final class DaemonThreads {
    private DaemonThreads() {}

    /**
     * Starts a pool of threads; its owner shuts it down.
     *
     * @param name of every thread
     * @param threads at least 1
     */
    public static ExecutorService pool(String name, int threads) {
        return Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
