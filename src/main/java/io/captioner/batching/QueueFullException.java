package io.captioner.batching;

/** An input is refused because the queue has no room for it; there will be some when the device has run a batch. */
public final class QueueFullException extends RuntimeException {
    QueueFullException(int inputs, int capacity) {
        super(
                "no room for %d more in a queue of %d: try again when a batch has run".formatted(inputs, capacity),
                null,
                false,
                false);
    }
}
