package io.captioner.batching;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Work that is not admitted, not queued, or given up before the device ran it. It carries no stack trace. */
public final class BatchRejectedException extends RuntimeException {
    /** Why work is rejected. */
    public enum Reason {
        /** All permits that the work needs are taken. */
        NO_PERMITS,
        /** Permits are free, but the work would not be done before its deadline. */
        TOO_LATE,
        /** The admission is closed. */
        ADMISSION_CLOSED,
        /** The queue has no room; there is some once the device has run a batch. */
        QUEUE_FULL,
        /** The deadline passed while the input waited. */
        DEADLINE_EXCEEDED,
        /** The batcher is closed. */
        BATCHER_CLOSED
    }

    private final Reason reason;
    private final @Nullable Duration retryAfter;

    BatchRejectedException(Reason reason, String message) {
        this(reason, message, null);
    }

    BatchRejectedException(Reason reason, String message, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    static BatchRejectedException batcherClosed() {
        return new BatchRejectedException(Reason.BATCHER_CLOSED, "the batcher is closed: it accepts no more inputs");
    }

    /** Returns the reason. */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns when it is worth trying again, between 1 and 60 seconds from now; null unless the reason is
     * {@link Reason#NO_PERMITS} or {@link Reason#TOO_LATE}.
     */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
