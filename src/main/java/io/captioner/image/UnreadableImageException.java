package io.captioner.image;

/** Bytes that are refused as an image; the message says why in words for the person who sent them. */
public final class UnreadableImageException extends RuntimeException {
    /** Why the bytes are refused. */
    public enum Reason {
        /** The content is not an image format that is read. */
        NOT_AN_IMAGE,
        /** The content starts as an image but cannot be decoded. */
        CORRUPT,
        /** The header announces more pixels, or a longer side, than the limits allow. */
        TOO_LARGE
    }

    private final Reason reason;

    /** A refusal without stack trace: it tells about the bytes, not about this program. */
    public UnreadableImageException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** Returns why the bytes are refused. */
    public Reason reason() {
        return reason;
    }
}
