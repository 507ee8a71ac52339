package io.captioner.jobs;

/** Says that a job cannot run with the settings it was given, however often it is tried. */
public final class UnusableRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnusableRunException(String message) {
        super(message);
    }
}
