package io.captioner.image.format;

import org.springframework.modulith.NamedInterface;

/** Bytes that are refused as an image; the message says why in words for the person who sent them. */
@NamedInterface("format")
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

    /** A refusal as corrupt, with what was found. */
    public static UnreadableImageException damaged(String found) {
        return new UnreadableImageException(
                Reason.CORRUPT, "The picture cannot be decoded: " + found + ". Send the whole, original file.");
    }

    /** Returns why the bytes are refused. */
    public Reason reason() {
        return reason;
    }
}
