package io.captioner.caption;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which captioning fails: a reason that a program can act on, and a message that tells the client what
 * to do. It carries no stack trace: it is an answer, and its cause, if any, is for the log.
 */
public final class CaptionFailure extends RuntimeException {
    /** Every reason for which a request is not answered with captions. */
    public enum Reason {
        /** No image was sent. */
        MISSING_IMAGE,
        /** An image has no bytes. */
        EMPTY_IMAGE,
        /** The bytes start as an image but cannot be decoded. */
        UNREADABLE_IMAGE,
        /** The bytes are no image of a format that is read. */
        NOT_AN_IMAGE,
        /** An image has more bytes than the limit. */
        TOO_MANY_BYTES,
        /** An image has more pixels, or a longer side, than the limits. */
        TOO_MANY_PIXELS,
        /** More images in one request than the limit. */
        TOO_MANY_IMAGES,
        /** A parameter is out of its range. */
        INVALID_PARAMETER,
        /** No model has the name that was asked for. */
        UNKNOWN_MODEL,
        /** The model found no words for an image. */
        NOTHING_TO_CAPTION,
        /** More work than can be done in time. */
        OVERLOADED,
        /** The deadline of the request passed before the captions were ready. */
        DEADLINE_EXCEEDED,
        /** No model is loaded yet, or the service is shutting down. */
        NOT_READY,
        /** The model failed on the image. */
        MODEL_FAILED,
        /** The client left before the answer was ready. */
        CLIENT_GONE
    }

    private final Reason reason;
    private final @Nullable String parameter;
    private final @Nullable Integer image;
    private final @Nullable String filename;
    private final @Nullable Duration retryAfter;

    private CaptionFailure(
            Reason reason,
            String message,
            @Nullable Throwable cause,
            @Nullable String parameter,
            @Nullable Integer image,
            @Nullable String filename,
            @Nullable Duration retryAfter) {
        super(message, cause, false, false);
        this.reason = reason;
        this.parameter = parameter;
        this.image = image;
        this.filename = filename;
        this.retryAfter = retryAfter;
    }

    /** A failure of the request as a whole. */
    public static CaptionFailure of(Reason reason, String message) {
        return new CaptionFailure(reason, message, null, null, null, null, null);
    }

    /** A failure of the request as a whole, with what made it fail. */
    public static CaptionFailure of(Reason reason, String message, Throwable cause) {
        return new CaptionFailure(reason, message, cause, null, null, null, null);
    }

    /** A parameter that is out of its range. */
    public static CaptionFailure invalidParameter(String parameter, String message) {
        return new CaptionFailure(Reason.INVALID_PARAMETER, message, null, parameter, null, null, null);
    }

    /** A failure that passes by itself. */
    public static CaptionFailure retryable(Reason reason, String message, Duration retryAfter) {
        return new CaptionFailure(reason, message, null, null, null, null, retryAfter);
    }

    /** The same failure, of one image of the request. */
    public CaptionFailure atImage(int index, @Nullable String name) {
        return new CaptionFailure(reason, getMessage(), getCause(), parameter, index, name, retryAfter);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** Returns the reason. */
    public Reason reason() {
        return reason;
    }

    /** Returns the parameter at fault, null if none is. */
    public @Nullable String parameter() {
        return parameter;
    }

    /** Returns the index of the image at fault, counted from 0 in the order sent; null if no single one is. */
    public @Nullable Integer image() {
        return image;
    }

    /** Returns the name of the image at fault as the client gave it, null if it has none. */
    public @Nullable String filename() {
        return filename;
    }

    /** Returns after which time another try is worth it, null if that is not known. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
