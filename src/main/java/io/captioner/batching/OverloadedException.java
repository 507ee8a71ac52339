package io.captioner.batching;

import java.time.Duration;

/** Work is refused because more is admitted than can be done in time; says when to come back. */
public final class OverloadedException extends RuntimeException {
    private final boolean full;
    private final Duration retryAfter;

    OverloadedException(String message, boolean full, Duration retryAfter) {
        super(message, null, false, false);
        this.full = full;
        this.retryAfter = retryAfter;
    }

    /** Returns whether there is no room at all; else there is some, but the work would not be done in time. */
    public boolean isFull() {
        return full;
    }

    /** Returns when it is worth trying again, between 1 and 60 seconds from now. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
