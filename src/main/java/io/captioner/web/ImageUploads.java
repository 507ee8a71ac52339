package io.captioner.web;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.ImageUpload;
import io.captioner.caption.RequestProperties;
import io.captioner.web.BodyProblems.InvalidRequestException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

/** The reader of the images of a request: the parts of a multipart body, or the one raw body. */
public final class ImageUploads {
    /** The route that takes photos. */
    public static final String PATH = "/captions";

    /** The route that takes a photo and texts. */
    public static final String SCORE_PATH = PATH + "/score";

    public static final String PART = "image";
    public static final String MISSING = "Send each photo as a part named 'image', as in: curl -F image=@photo.jpg";

    private static final String FORM =
            "The body holds form fields, and no photo: give the form enctype=\"multipart/form-data\", or send the photo as in: curl -F"
                    + " image=@photo.jpg";
    private static final String TRANSFER_ENCODING = "Content-Transfer-Encoding";
    private static final String MULTIPART = MediaType.MULTIPART_FORM_DATA_VALUE;

    private static final int JSON_BYTES = 1 << 16;
    private static final int JSON_MEMORY = 1 << 24;

    private final ImageProperties limits;
    private final BodyProblems problems;
    private final JsonBodies json;
    private final RemoteImages remote;
    private final int maxImages;

    public ImageUploads(ImageProperties limits, RequestProperties requests, RemoteImages remote) {
        this.limits = limits;
        this.json = new JsonBodies(limits, requests, JSON_BYTES, JSON_MEMORY);
        this.remote = remote;
        this.maxImages = requests.maxImages();
        this.problems = new BodyProblems(limits, requests);
    }

    /**
     * The images of a request; small ones in memory, large ones on the disk until this is closed.
     *
     * @param images in the order they were sent
     * @param spooled the file that a large raw body lies in, or null; parts are cleaned up by Spring
     */
    public record Received(
            List<ImageUpload> images, @Nullable Path spooled) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (spooled != null) {
                Files.deleteIfExists(spooled);
            }
        }
    }

    /**
     * Reads a request to its end, so that a slow client occupies nothing but its own connection.
     *
     * @throws CaptionFailure if there is no image, a file has a name that is not known, or there are too many bytes
     * @throws InvalidRequestException if the body is malformed, or was ended early
     */
    public Received read(HttpServletRequest request) throws IOException, ServletException {
        if (isMultipart(request)) {
            return new Received(parts(request), null);
        }
        return hasType(request, MediaType.APPLICATION_JSON_VALUE)
                ? new Received(remote.fetchAll(urls(request)), null)
                : body(request);
    }

    /** True also if the rest of the media type is malformed: the reader of parts reports that. */
    private static boolean isMultipart(HttpServletRequest request) {
        return hasType(request, MULTIPART);
    }

    private static boolean hasType(HttpServletRequest request, String type) {
        return String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT).startsWith(type);
    }

    private List<ImageUpload> parts(HttpServletRequest request) throws IOException, ServletException {
        List<ImageUpload> images = new ArrayList<>();
        Set<String> others = new TreeSet<>();
        Collection<Part> parts = request.getParts();
        for (Part part : parts) {
            if (isUnchosen(part)) {
                continue;
            }
            if (part.getName().equals(PART)) {
                images.add(image(part, images.size()));
            } else if (part.getSubmittedFileName() != null) {
                throw misnamed("There is a file in the part named '%s'".formatted(part.getName()));
            } else {
                others.add(part.getName());
            }
        }
        problems.requireWhole(request);
        InvalidRequestException malformed = parts.isEmpty() ? BodyProblems.ofNoParts(request) : null;
        if (malformed != null) {
            throw malformed;
        }
        if (images.isEmpty()) {
            throw others.isEmpty()
                    ? CaptionFailure.of(Reason.MISSING_IMAGE, MISSING)
                    : misnamed("There are only parts named '%s'".formatted(String.join("', '", others)));
        }
        // What follows the last boundary is ignored, but a disconnect can only be detected once it has been read.
        request.getInputStream().transferTo(OutputStream.nullOutputStream());
        problems.requireWhole(request);
        return images;
    }

    /** A browser sends a field for files in which none was chosen as an empty file without a name. */
    private static boolean isUnchosen(Part part) {
        String filename = part.getSubmittedFileName();
        return filename != null && filename.isEmpty() && part.getSize() == 0;
    }

    private static CaptionFailure misnamed(String found) {
        return CaptionFailure.of(Reason.MISSING_IMAGE, "%s: name the parts with photos '%s'.".formatted(found, PART));
    }

    private ImageUpload image(Part part, int index) throws IOException {
        String filename = part.getSubmittedFileName();
        String encoding =
                String.valueOf(part.getHeader(TRANSFER_ENCODING)).strip().toLowerCase(Locale.ROOT);
        switch (encoding) {
            case "null", "", "binary", "7bit", "8bit" -> {
                requireWithinLimit(part.getSize(), index, filename);
                if (filename == null && part.getSize() < UploadLimits.BYTES_IN_MEMORY) {
                    refuseText(SentText.explain(new PartUpload(part).bytes(), "-F image="), index);
                }
                return new PartUpload(part);
            }
            case "base64" -> {
                long size = Base64Part.decodedSize(part)
                        .orElseThrow(() -> CaptionFailure.of(
                                        Reason.UNREADABLE_IMAGE,
                                        "The part is not base64, as its Content-Transfer-Encoding says: encode it whole, or leave this header out.")
                                .atImage(index, filename));
                requireWithinLimit(size, index, filename);
                return new Base64Part(part, size);
            }
            default ->
                throw new InvalidRequestException(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "Content-Transfer-Encoding '%s' of image %d is not read: send the bytes as they are, without this header, or as base64."
                                .formatted(encoding, index));
        }
    }

    private static void refuseText(@Nullable String explanation, int index) {
        if (explanation != null) {
            throw CaptionFailure.of(Reason.NOT_AN_IMAGE, explanation).atImage(index, null);
        }
    }

    /** The URLs of a body of JSON: one as {@code url}, or a list as {@code url} or {@code urls}. */
    private List<String> urls(HttpServletRequest request) throws IOException {
        try (JsonBodies.Received received = json.read(request)) {
            JsonNode named = received.json().has("urls")
                    ? received.json().path("urls")
                    : received.json().path("url");
            List<String> urls = named.isString()
                    ? List.of(named.stringValue())
                    : named.valueStream()
                            .map(url -> url.isString() ? url.stringValue() : "")
                            .toList();
            if (urls.isEmpty()) {
                throw CaptionFailure.of(
                        Reason.MISSING_IMAGE,
                        "Name the photo as {\"url\": \"https://…\"}, or several as {\"url\": [\"https://…\", \"https://…\"]}.");
            }
            if (urls.size() > maxImages) {
                throw CaptionFailure.of(
                        Reason.TOO_MANY_IMAGES,
                        "A request may have at most %d images, not %d: send them in several requests."
                                .formatted(maxImages, urls.size()));
            }
            return urls;
        }
    }

    private Received body(HttpServletRequest request) throws IOException {
        requireWithinLimit(request.getContentLengthLong(), 0, null);
        InputStream body = request.getInputStream();
        byte[] head = body.readNBytes(UploadLimits.BYTES_IN_MEMORY);
        problems.requireWhole(request);
        if (head.length < UploadLimits.BYTES_IN_MEMORY) {
            requireWithinLimit(head.length, 0, null);
            requireBytes(head.length);
            if (hasType(request, MediaType.APPLICATION_FORM_URLENCODED_VALUE) && SentText.isForm(head)) {
                throw new InvalidRequestException(ProblemType.UNSUPPORTED_MEDIA_TYPE, FORM);
            }
            refuseText(SentText.explain(head, "--data-binary "), 0);
            return new Received(List.of(new InMemoryImage(head)), null);
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
            problems.requireWhole(request);
            return received;
        } catch (IOException | RuntimeException e) {
            received.close();
            throw e;
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
