package io.captioner.api;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.ImageUpload;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.util.InvalidMimeTypeException;

/** Takes the images out of a request: the parts of a multipart body, or the one raw body. */
final class ImageUploads {
    static final String PART = "image";
    static final String MISSING = "Send each photo as a part named 'image', as in: curl -F image=@photo.jpg";

    private final ImageProperties limits;

    ImageUploads(ImageProperties limits) {
        this.limits = limits;
    }

    /**
     * Returns the images in the order they were sent. Parts may still lie on disk; a raw body is read here, so that a
     * slow sender holds nothing but its own connection.
     *
     * @throws CaptionFailure if there is no image, a part or parameter has a name that is not known, or there are too
     *     many bytes
     */
    List<ImageUpload> read(HttpServletRequest request) throws IOException, ServletException {
        return isMultipart(request) ? parts(request) : List.of(body(request));
    }

    private static boolean isMultipart(HttpServletRequest request) {
        String type = request.getContentType();
        try {
            return type != null && MediaType.MULTIPART_FORM_DATA.isCompatibleWith(MediaType.parseMediaType(type));
        } catch (InvalidMimeTypeException malformed) {
            return false;
        }
    }

    private List<ImageUpload> parts(HttpServletRequest request) throws IOException, ServletException {
        List<ImageUpload> images = new ArrayList<>();
        for (Part part : request.getParts()) {
            if (part.getName().equals(PART)) {
                requireWithinLimit(part.getSize(), images.size(), part.getSubmittedFileName());
                images.add(new PartUpload(part));
            } else if (part.getSubmittedFileName() != null || !CaptionQuery.knows(part.getName())) {
                throw CaptionFailure.of(
                        Reason.MISSING_IMAGE,
                        "There is a part named '%s': name the parts with photos '%s'.".formatted(part.getName(), PART));
            }
        }
        if (images.isEmpty()) {
            throw CaptionFailure.of(Reason.MISSING_IMAGE, MISSING);
        }
        return images;
    }

    private ImageUpload body(HttpServletRequest request) throws IOException {
        requireWithinLimit(request.getContentLengthLong(), 0, null);
        int limit = Math.toIntExact(limits.maxBytes().toBytes());
        byte[] bytes = request.getInputStream().readNBytes(limit + 1);
        requireWithinLimit(bytes.length, 0, null);
        if (bytes.length == 0) {
            throw CaptionFailure.of(
                    Reason.MISSING_IMAGE,
                    "The body is empty: send the photo as the body, as in: curl --data-binary @photo.jpg -H 'Content-Type:"
                            + " image/jpeg'");
        }
        return new BodyUpload(bytes);
    }

    private void requireWithinLimit(long size, int index, @Nullable String filename) {
        if (size > limits.maxBytes().toBytes()) {
            throw CaptionFailure.of(Reason.TOO_MANY_BYTES, tooManyBytes(limits)).atImage(index, filename);
        }
    }

    /** Returns the sentence for an image beyond the limit. */
    static String tooManyBytes(ImageProperties limits) {
        return "An image may have at most %d bytes: send a smaller file, or scale the photo down first."
                .formatted(limits.maxBytes().toBytes());
    }

    private record PartUpload(Part part) implements ImageUpload {
        @Override
        public @Nullable String filename() {
            return part.getSubmittedFileName();
        }

        @Override
        public long size() {
            return part.getSize();
        }

        @Override
        public byte[] bytes() throws IOException {
            try (InputStream content = part.getInputStream()) {
                return content.readAllBytes();
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // the body as it came, handed on once
    private record BodyUpload(byte[] bytes) implements ImageUpload {
        @Override
        public @Nullable String filename() {
            return null;
        }

        @Override
        public long size() {
            return bytes.length;
        }
    }
}
