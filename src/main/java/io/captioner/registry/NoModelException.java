package io.captioner.registry;

/** No model can be used now; the message says why and what to do. */
public final class NoModelException extends RuntimeException {
    NoModelException(String message) {
        super(message);
    }
}
