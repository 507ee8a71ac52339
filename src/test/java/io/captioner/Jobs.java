package io.captioner;

import io.captioner.jobs.Progress;

/** Runs jobs as the program runs them, in this process. */
public final class Jobs {
    private Jobs() {}

    /** Returns the exit code of the job that these arguments start. */
    public static int run(String... arguments) {
        return CaptionerApplication.run(arguments).orElseThrow();
    }

    /** Returns a progress without output. */
    public static Progress silent() {
        return (name, total) -> new Progress.Task() {
            @Override
            public void step(long steps, String suffix) {}

            @Override
            public void close() {}
        };
    }
}
