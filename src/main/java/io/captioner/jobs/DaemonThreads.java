package io.captioner.jobs;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

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
        return Executors.newFixedThreadPool(threads, daemons(name));
    }

    /** Starts a thread for what is done at a time or an interval; its owner shuts it down. */
    public static ScheduledExecutorService scheduled(String name) {
        return Executors.newSingleThreadScheduledExecutor(daemons(name));
    }

    private static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
