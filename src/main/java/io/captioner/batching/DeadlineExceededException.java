package io.captioner.batching;

/** The deadline of an input passed before the device saw it. */
public final class DeadlineExceededException extends RuntimeException {
    DeadlineExceededException() {
        super("the deadline passed in the queue: allow more time, or send less at once", null, false, false);
    }
}
