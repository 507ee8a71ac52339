package io.captioner.jobs;

import org.springframework.boot.ExitCodeGenerator;

/** Says that a job cannot run with the settings or data it was given, however often it is tried. */
public class UnusableJobException extends RuntimeException implements ExitCodeGenerator {
    private static final long serialVersionUID = 1L;

    /** @param message the condition, the value and the remedy */
    public UnusableJobException(String message) {
        super(message);
    }

    @Override
    public int getExitCode() {
        return JobExitCodes.UNUSABLE;
    }
}
