package io.captioner.caption;

import io.captioner.batching.AdmissionClosedException;
import io.captioner.batching.BatchFailedException;
import io.captioner.batching.BatcherClosedException;
import io.captioner.batching.DeadlineExceededException;
import io.captioner.batching.OverloadedException;
import io.captioner.batching.QueueFullException;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.image.UnreadableImageException;
import io.captioner.registry.NoModelException;
import io.captioner.registry.UnknownModelException;
import java.time.Duration;

/** Turns what the features throw into the one vocabulary of failures. */
final class Failures {
    private static final String SHUTTING_DOWN = "The service is shutting down: send the request to another instance.";
    private static final Duration NEXT_BATCH = Duration.ofSeconds(1);
    private static final Duration NEXT_LOOK = Duration.ofSeconds(5);

    private Failures() {}

    /** Returns the failure for what a feature threw; what nobody expected is thrown on as it is. */
    static CaptionFailure of(Throwable thrown) {
        if (thrown instanceof CaptionFailure failure) {
            return failure;
        }
        if (thrown instanceof OverloadedException overloaded) {
            return CaptionFailure.retryable(
                    Reason.OVERLOADED,
                    "More images are here than can be captioned in time: try again after the seconds in Retry-After.",
                    overloaded.retryAfter());
        }
        if (thrown instanceof QueueFullException) {
            return CaptionFailure.retryable(
                    Reason.OVERLOADED,
                    "The queue for the model is full: try again after the seconds in Retry-After.",
                    NEXT_BATCH);
        }
        if (thrown instanceof DeadlineExceededException) {
            return deadlinePassed();
        }
        if (thrown instanceof UnknownModelException unknown) {
            return CaptionFailure.of(
                    Reason.UNKNOWN_MODEL,
                    "There is no model of that name: name one of %s, or none for the default."
                            .formatted(String.join(", ", unknown.names())));
        }
        if (thrown instanceof NoModelException) {
            return CaptionFailure.retryable(
                    Reason.NOT_READY,
                    "The model is not ready: try again when /readyz answers 200; the log says what is missing.",
                    NEXT_LOOK);
        }
        if (thrown instanceof BatcherClosedException || thrown instanceof AdmissionClosedException) {
            return CaptionFailure.retryable(Reason.NOT_READY, SHUTTING_DOWN, NEXT_LOOK);
        }
        if (thrown instanceof BatchFailedException failed) {
            return CaptionFailure.of(
                    Reason.MODEL_FAILED,
                    "The model failed on this image, twice if it was worth it: try another image, and report this with the time of"
                            + " the request if they all fail.",
                    failed);
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        throw thrown instanceof RuntimeException bug ? bug : new IllegalStateException("bug: unexpected", thrown);
    }

    static CaptionFailure deadlinePassed() {
        return CaptionFailure.of(
                Reason.DEADLINE_EXCEEDED,
                "The captions were not ready in time: send fewer images at once, allow more time with X-Request-Timeout, or try"
                        + " again when there is less to do.");
    }

    static CaptionFailure clientGone() {
        return CaptionFailure.of(Reason.CLIENT_GONE, "The sender left before the answer was there.");
    }

    /** Ends a request whose thread was interrupted, which only a shutdown does. */
    static CaptionFailure interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return CaptionFailure.of(Reason.NOT_READY, SHUTTING_DOWN, cause);
    }

    static Reason reason(UnreadableImageException.Reason reason) {
        return switch (reason) {
            case NOT_AN_IMAGE -> Reason.NOT_AN_IMAGE;
            case CORRUPT -> Reason.UNREADABLE_IMAGE;
            case TOO_LARGE -> Reason.TOO_MANY_PIXELS;
        };
    }
}
