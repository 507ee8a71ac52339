package io.captioner;

/** Runs jobs as the program runs them, in this process. */
public final class Jobs {
    private Jobs() {}

    /** Returns the exit code of the job that these arguments start. */
    public static int run(String... arguments) {
        return CaptionerApplication.run(arguments).orElseThrow();
    }
}
