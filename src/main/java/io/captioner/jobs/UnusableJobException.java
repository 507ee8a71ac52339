package io.captioner.jobs;

import org.springframework.boot.ExitCodeGenerator;

/** A job cannot run with its settings or data; every retry would fail. */
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
