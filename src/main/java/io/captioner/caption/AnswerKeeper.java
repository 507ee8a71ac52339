package io.captioner.caption;

import io.captioner.image.Photo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps answers somewhere. Called by the threads of the requests, several at the same time. */
public interface AnswerKeeper {
    /** Keeps nothing. */
    AnswerKeeper NONE = new AnswerKeeper() {
        @Override
        public byte @Nullable [] thumbnail(Photo photo) {
            return null;
        }

        @Override
        public CaptionResponse keep(CaptionResponse response, List<Original> originals) {
            return response;
        }
    };

    /**
     * What an image was captioned from.
     *
     * @param upload as it was sent; readable until the request ends
     * @param sha256 of its bytes, in hexadecimal
     * @param thumbnail as {@link AnswerKeeper#thumbnail} made it; null also if the captions were known before the image
     *     was decoded
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once
    record Original(ImageUpload upload, String sha256, byte @Nullable [] thumbnail) {}

    /** Returns a small picture of a photo, null for none. Called while the device works on the photo. */
    byte @Nullable [] thumbnail(Photo photo);

    /**
     * Keeps an answer: after the permits of its request are returned, and before the client has it, which waits.
     *
     * @param originals one for each result
     * @return the response, each image with its archive id if it is kept
     * @throws CaptionFailure if the request must fail because its answer cannot be kept
     */
    CaptionResponse keep(CaptionResponse response, List<Original> originals);
}
