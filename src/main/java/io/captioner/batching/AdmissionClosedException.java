package io.captioner.batching;

/** Work is refused because the admission is closed: nothing new is let in any more. */
public final class AdmissionClosedException extends RuntimeException {
    AdmissionClosedException() {
        super("nothing new is let in any more", null, false, false);
    }
}
