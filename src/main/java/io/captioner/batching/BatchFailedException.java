package io.captioner.batching;

/** The device failed on an input in all attempts; the cause is what it threw. */
public final class BatchFailedException extends RuntimeException {
    BatchFailedException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
