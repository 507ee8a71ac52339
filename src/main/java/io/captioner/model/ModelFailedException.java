package io.captioner.model;

/** A model could not run a batch on its device. */
public final class ModelFailedException extends RuntimeException {
    /** Wraps what the engine said. */
    public ModelFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
