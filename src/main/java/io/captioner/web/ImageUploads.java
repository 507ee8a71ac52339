package io.captioner.web;

import io.captioner.api.CaptionQuery;
import io.captioner.web.tomcat.UploadLimits;
import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.ImageUpload;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.util.InvalidMimeTypeException;

/** Takes the images out of a request: the parts of a multipart body, or the one raw body. */
public final class ImageUploads {
    /** The route that takes photos. */
    public static final String PATH = "/captions";

    public static final String PART = "image";
    public static final String MISSING = "Send each photo as a part named 'image', as in: curl -F image=@photo.jpg";

    private final ImageProperties limits;

    public ImageUploads(ImageProperties limits) {
        this.limits = limits;
    }

    /**
     * The images of a request; small ones in memory, large ones on the disk until this is closed.
     *
     * @param images in the order they were sent
     * @param spooled the file that a large raw body lies in, or null; parts are cleaned up by Spring
     */
    public record Received(List<ImageUpload> images, @Nullable Path spooled) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (spooled != null) {
                Files.deleteIfExists(spooled);
            }
        }
    }

    /**
     * Reads a request to its end, so that a slow sender holds nothing but its own connection.
     *
     * @throws CaptionFailure if there is no image, a part or parameter has a name that is not known, or there are too
     *     many bytes
     */
    public Received read(HttpServletRequest request) throws IOException, ServletException {
        return isMultipart(request) ? new Received(parts(request), null) : body(request);
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
        // What follows the last boundary counts for nothing, but while it is unread nobody can see the client leave.
        request.getInputStream().transferTo(OutputStream.nullOutputStream());
        requireWhole(request);
        return images;
    }

    private Received body(HttpServletRequest request) throws IOException {
        requireWithinLimit(request.getContentLengthLong(), 0, null);
        InputStream body = request.getInputStream();
        byte[] head = body.readNBytes(UploadLimits.BYTES_IN_MEMORY);
        requireWhole(request);
        if (head.length < UploadLimits.BYTES_IN_MEMORY) {
            requireWithinLimit(head.length, 0, null);
            requireBytes(head.length);
            return new Received(List.of(new BodyUpload(head)), null);
        }
        Path file = Files.createTempFile("captioner-upload-", ".tmp");
        Received received = new Received(List.of(new FileUpload(file)), file);
        try (OutputStream spool = Files.newOutputStream(file)) {
            spool.write(head);
            long size = head.length;
            byte[] buffer = new byte[8192];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                size += read;
                requireWithinLimit(size, 0, null);
                spool.write(buffer, 0, read);
            }
            requireWhole(request);
            return received;
        } catch (IOException | RuntimeException e) {
            received.close();
            throw e;
        }
    }

    private static void requireWhole(HttpServletRequest request) throws UploadTimeoutException {
        if (ClientConnection.isTooSlow(request)) {
            throw new UploadTimeoutException();
        }
    }

    private static void requireBytes(int size) {
        if (size == 0) {
            throw CaptionFailure.of(
                    Reason.MISSING_IMAGE,
                    "The body is empty: send the photo as the body, as in: curl --data-binary @photo.jpg -H 'Content-Type:"
                            + " image/jpeg'");
        }
    }

    private void requireWithinLimit(long size, int index, @Nullable String filename) {
        if (size > limits.maxBytes().toBytes()) {
            throw CaptionFailure.of(Reason.TOO_MANY_BYTES, tooManyBytes(limits)).atImage(index, filename);
        }
    }

    /** Returns the sentence for an image beyond the limit. */
    public static String tooManyBytes(ImageProperties limits) {
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

    private record FileUpload(Path file) implements ImageUpload {
        @Override
        public @Nullable String filename() {
            return null;
        }

        @Override
        public long size() {
            return file.toFile().length();
        }

        @Override
        public byte[] bytes() throws IOException {
            return Files.readAllBytes(file);
        }
    }
}
