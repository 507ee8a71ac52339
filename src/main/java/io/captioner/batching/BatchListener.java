package io.captioner.batching;

import java.time.Duration;
import java.util.List;

/**
 * Receives the events of a batcher. Calls come from the batcher's threads and from those that submit or cancel, several
 * at the same time. They must return at once, because the device waits for them. What a listener throws is logged and
 * otherwise ignored.
 */
public interface BatchListener {
    /** Ignores all events. */
    BatchListener NONE = new BatchListener() {};

    /** Why an input never reached the device. */
    enum Drop {
        /** The output is not wanted any more: the future was cancelled, or the client has left. */
        CANCELLED,
        /** Its deadline passed while it waited. */
        EXPIRED
    }

    /** Returns a listener that passes each event on to all of these, in order, also where one of them fails. */
    static BatchListener all(List<BatchListener> listeners) {
        return new BatchListeners(listeners);
    }

    /** {@code inputs} were accepted, {@code waiting} is the length of the queue just after. */
    default void enqueued(int inputs, int waiting) {}

    /** {@code inputs} were rejected because the queue has no room. */
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

    /** The device failed on {@code inputs}, which are retried: in halves, or once more if it is only one. */
    default void retried(int inputs, Throwable cause) {}

    /** The device failed on {@code inputs} for good. */
    default void failed(int inputs, Throwable cause) {}

    /** The largest size that is run has changed: down when the device's memory ran out, later up again. */
    default void ceilingChanged(int from, int to) {}
}
