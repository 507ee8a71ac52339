package io.captioner.batching;

import java.time.Duration;

/** Work is refused because more is admitted than can be done in time; says when to come back. */
public final class OverloadedException extends RuntimeException {
    private final Duration retryAfter;

    OverloadedException(String message, Duration retryAfter) {
        super(message, null, false, false);
        this.retryAfter = retryAfter;
    }

    /** Returns when it is worth trying again, between 1 and 60 seconds from now. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
