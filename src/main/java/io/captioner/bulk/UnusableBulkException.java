package io.captioner.bulk;

import org.springframework.boot.ExitCodeGenerator;

/** Says that a job cannot run with the settings it was given, however often it is tried. */
final class UnusableBulkException extends RuntimeException implements ExitCodeGenerator {
    private static final long serialVersionUID = 1L;
    private static final int UNUSABLE = 2;

    UnusableBulkException(String message) {
        super(message);
    }

    @Override
    public int getExitCode() {
        return UNUSABLE;
    }
}
