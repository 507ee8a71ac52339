package io.captioner.batching;

/** An input is refused, or given up, because the batcher is closed. */
public final class BatcherClosedException extends RuntimeException {
    BatcherClosedException() {
        super("the batcher is closed: send to another instance, or again after the restart", null, false, false);
    }
}
