package io.captioner.caption;

import io.captioner.batching.BatchFailedException;
import io.captioner.batching.BatchRejectedException;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.model.InvalidDecodeRequestException;
import io.captioner.registry.NoModelException;
import io.captioner.registry.UnknownModelException;
import java.time.Duration;
import java.util.Objects;

/** Maps the exceptions of the features to {@link CaptionFailure}. */
final class Failures {
    private static final String SHUTTING_DOWN = "The service is shutting down: send the request to another instance.";
    private static final Duration NEXT_BATCH = Duration.ofSeconds(1);
    private static final Duration NEXT_SCAN = Duration.ofSeconds(5);

    private Failures() {}

    /** Returns the failure for what a feature threw; an unexpected exception is rethrown as it is. */
    static CaptionFailure of(Throwable thrown) {
        if (thrown instanceof CaptionFailure failure) {
            return failure;
        }
        if (thrown instanceof BatchRejectedException rejected) {
            return of(rejected);
        }
        if (thrown instanceof InvalidDecodeRequestException invalid) {
            return CaptionFailure.invalidParameter(invalid.parameter(), invalid.getMessage());
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
                    NEXT_SCAN);
        }
        if (thrown instanceof BatchFailedException failed) {
            return CaptionFailure.of(
                    Reason.MODEL_FAILED,
                    "The model failed on this image in all attempts: try another image, and report this with the time of the request"
                            + " if they all fail.",
                    failed);
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        throw thrown instanceof RuntimeException bug ? bug : new IllegalStateException("bug: unexpected", thrown);
    }

    private static CaptionFailure of(BatchRejectedException rejected) {
        return switch (rejected.reason()) {
            case NO_PERMITS, TOO_LATE ->
                CaptionFailure.retryable(
                        Reason.OVERLOADED,
                        "More images are in flight than can be captioned in time: try again after the seconds in Retry-After.",
                        Objects.requireNonNullElse(rejected.retryAfter(), NEXT_BATCH));
            case QUEUE_FULL ->
                CaptionFailure.retryable(
                        Reason.OVERLOADED,
                        "The queue for the model is full: try again after the seconds in Retry-After.",
                        NEXT_BATCH);
            case DEADLINE_EXCEEDED -> deadlinePassed();
            case ADMISSION_CLOSED, BATCHER_CLOSED ->
                CaptionFailure.retryable(Reason.NOT_READY, SHUTTING_DOWN, NEXT_SCAN);
        };
    }

    static CaptionFailure deadlinePassed() {
        return CaptionFailure.of(
                Reason.DEADLINE_EXCEEDED,
                "The captions were not ready in time: send fewer images at once, allow more time with X-Request-Timeout, or try"
                        + " again when there is less to do.");
    }

    static CaptionFailure clientGone() {
        return CaptionFailure.of(Reason.CLIENT_GONE, "The client left before the answer was ready.");
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
