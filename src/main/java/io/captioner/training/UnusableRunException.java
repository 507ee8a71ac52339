package io.captioner.training;

/** Says that a job cannot run with the settings it was given, however often it is tried. */
final class UnusableRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableRunException(String message) {
        super(message);
    }
}
