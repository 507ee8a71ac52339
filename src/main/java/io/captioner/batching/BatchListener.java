package io.captioner.batching;

import java.time.Duration;
import java.util.List;

/**
 * Hears what a batcher does. Calls come from the batcher's own thread and from those that submit or cancel, several at
 * once; they must return at once, for the device waits for them. What a listener throws is logged and otherwise
 * ignored.
 */
public interface BatchListener {
    /** Hears nothing. */
    BatchListener NONE = new BatchListener() {};

    /** Why an input never reached the device. */
    enum Drop {
        /** Whoever submitted it wants it no longer: the future was cancelled, or nobody is there to hear the answer. */
        CANCELLED,
        /** Its deadline passed while it waited. */
        EXPIRED
    }

    /**
     * Returns one that passes everything on to each of these, in order; one that fails keeps none of the others from
     * it.
     */
    static BatchListener all(List<BatchListener> listeners) {
        return new BatchListeners(listeners);
    }

    /** {@code inputs} were accepted, {@code waiting} is the length of the queue just after. */
    default void enqueued(int inputs, int waiting) {}

    /** {@code inputs} were refused because the queue has no room. */
    default void refused(int inputs) {}

    /**
     * The device ran a batch.
     *
     * @param size inputs in the batch
     * @param paddedSize inputs the device saw
     * @param queued how long each input waited, in the batch's order
     * @param device how long the device took
     */
    default void ran(int size, int paddedSize, List<Duration> queued, Duration device) {}

    /** An input was dropped before the device saw it. */
    default void dropped(Drop why) {}

    /** The device failed on {@code inputs}, which are tried again: halved, or once more if it is only one. */
    default void retried(int inputs, Throwable cause) {}

    /** The device failed on {@code inputs} for good. */
    default void failed(int inputs, Throwable cause) {}

    /** The largest size that is run has changed: down when the device's memory ran out, later up again on trial. */
    default void ceilingChanged(int from, int to) {}
}
