package io.captioner.jobs;

import org.springframework.boot.ExitCodeGenerator;

/** Says that a job stopped because its process was told to end. */
public final class JobStoppedException extends RuntimeException implements ExitCodeGenerator {
    static final String REMEDY = "Run it again with the same settings; a training goes on from where it stopped.";

    private static final long serialVersionUID = 1L;

    /** @param task what the job was doing, as {@link Progress#start} was told */
    public JobStoppedException(String task) {
        super("it was told to end during '%s'. %s".formatted(task, REMEDY));
    }

    @Override
    public int getExitCode() {
        return JobExitCodes.STOPPED;
    }
}
