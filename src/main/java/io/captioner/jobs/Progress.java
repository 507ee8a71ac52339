package io.captioner.jobs;

/** The progress of long tasks. */
@FunctionalInterface
public interface Progress {
    /**
     * Starts a task; the caller closes it.
     *
     * @param name what is being done, for people
     * @param total steps in all, at least 0
     */
    Task start(String name, long total);

    /** One running task, used by one thread. */
    interface Task extends AutoCloseable {
        /**
         * Counts finished steps.
         *
         * @param steps finished since the last call, at least 0
         * @param suffix a short remark such as the loss; may be empty
         */
        void step(long steps, String suffix);

        /** Ends the task, finished or not. */
        @Override
        void close();
    }
}
