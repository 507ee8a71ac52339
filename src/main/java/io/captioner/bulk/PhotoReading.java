package io.captioner.bulk;

import io.captioner.caption.CaptionFailure;
import io.captioner.image.ImageSize;
import io.captioner.image.Photo;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.UnreadableImageException;
import org.jspecify.annotations.Nullable;

/** From the bytes of a file to pixels for the model, or to the reason why not: the service's reasons. */
final class PhotoReading {
    /** The one reason that a request cannot have. */
    static final String MISSING_FILE = "MISSING_FILE";

    private final PhotoDecoder decoder;
    private final ImageSize size;
    private final long maxBytes;
    private final PhotoCaption.Origin origin;

    PhotoReading(PhotoDecoder decoder, ImageSize size, long maxBytes, PhotoCaption.Origin origin) {
        this.decoder = decoder;
        this.size = size;
        this.maxBytes = maxBytes;
        this.origin = origin;
    }

    PendingPhoto read(byte @Nullable [] file) {
        if (file == null) {
            return refused(MISSING_FILE, "The file is gone, or may not be read: check its permissions.");
        }
        if (file.length == 0) {
            return refused(CaptionFailure.Reason.EMPTY_IMAGE.name(), "The file is empty.");
        }
        if (file.length > maxBytes) {
            return refused(
                    CaptionFailure.Reason.TOO_MANY_BYTES.name(),
                    "The file has more than %d bytes, the limit of captioner.bulk.max-bytes.".formatted(maxBytes));
        }
        try {
            Photo photo = decoder.decode(file, size);
            return PendingPhoto.decoded(photo);
        } catch (UnreadableImageException refused) {
            return refused(reason(refused.reason()).name(), String.valueOf(refused.getMessage()));
        }
    }

    private PendingPhoto refused(String reason, String message) {
        return PendingPhoto.refused(origin.failed(reason, message));
    }

    private static CaptionFailure.Reason reason(UnreadableImageException.Reason reason) {
        return switch (reason) {
            case NOT_AN_IMAGE -> CaptionFailure.Reason.NOT_AN_IMAGE;
            case CORRUPT -> CaptionFailure.Reason.UNREADABLE_IMAGE;
            case TOO_LARGE -> CaptionFailure.Reason.TOO_MANY_PIXELS;
        };
    }
}
