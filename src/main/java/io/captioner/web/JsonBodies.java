package io.captioner.web;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import io.captioner.web.BodyProblems.InvalidRequestException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The reader of bodies of JSON: the limit on their bytes holds before they are parsed, and the bytes of all bodies that
 * are in memory at the same time have a limit together. Used by many threads at once.
 */
public final class JsonBodies {
    private static final int CHUNK = 1 << 16;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final String BEYOND_LIMITS =
            "JSON may have at most %d levels, names of %d characters and numbers of %d digits: send a simpler body."
                    .formatted(
                            StreamReadConstraints.DEFAULT_MAX_DEPTH,
                            StreamReadConstraints.DEFAULT_MAX_NAME_LEN,
                            StreamReadConstraints.DEFAULT_MAX_NUM_LEN);

    private final long maxBytes;
    private final Semaphore chunks;
    private final BodyProblems problems;
    private final JsonMapper json;

    /**
     * A reader of bodies.
     *
     * @param maxBytes most bytes of one body, decoded from its Content-Encoding
     * @param memory most bytes of all bodies at the same time; room for one is always there
     */
    public JsonBodies(ImageProperties images, RequestProperties requests, long maxBytes, long memory) {
        this.maxBytes = maxBytes;
        this.chunks = new Semaphore((int) (Math.max(memory, maxBytes) / CHUNK + 1));
        this.problems = new BodyProblems(images, requests);
        this.json = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxStringLength((int) Math.min(maxBytes, Integer.MAX_VALUE - 16L))
                                .build())
                        .build())
                .build();
    }

    /**
     * Returns the most bytes of a body of JSON with photos as base64: with line ends they take 78 for each 57, and the
     * rest is for text.
     */
    public static long maxBytes(ImageProperties images, long text) {
        return UploadLimits.partBytes(images) + text;
    }

    /** A body that has been read, and its share of the memory until it is closed. */
    public static final class Received implements AutoCloseable {
        private final Semaphore chunks;
        private JsonNode json;
        private ByteBuffer rest = ByteBuffer.allocate(0);
        private int held;

        private Received(Semaphore chunks, JsonNode json) {
            this.chunks = chunks;
            this.json = json;
        }

        /** Returns the body, an object. */
        public JsonNode json() {
            return json;
        }

        /** Returns the bytes after the JSON, in an array of their own position and limit. */
        public ByteBuffer rest() {
            return rest;
        }

        @Override
        public void close() {
            chunks.release(held);
            held = 0;
        }
    }

    /**
     * Reads a body to its end.
     *
     * @throws CaptionFailure if it has too many bytes, or if there is no memory for it now
     * @throws InvalidRequestException if it is not an object of JSON, or was ended early
     */
    public Received read(HttpServletRequest request) throws IOException {
        return read(request, null);
    }

    /**
     * Reads a body of JSON with other bytes after it.
     *
     * @param jsonBytes bytes of the JSON; null for all
     */
    public Received read(HttpServletRequest request, @Nullable Integer jsonBytes) throws IOException {
        if (ContentEncoding.of(request.getHeaders(ContentEncoding.HEADER)) == ContentEncoding.UNSUPPORTED) {
            throw InvalidRequestException.unsupportedEncoding(
                    String.join(", ", Collections.list(request.getHeaders(ContentEncoding.HEADER))));
        }
        requireWithinLimit(request.getContentLengthLong());
        Received received = new Received(chunks, json.nullNode());
        try {
            byte[] bytes = bytes(request, received);
            int end = jsonBytes == null ? bytes.length : jsonBytes;
            if (end < 0 || end > bytes.length) {
                throw new InvalidRequestException(
                        ProblemType.MALFORMED_REQUEST,
                        "The body has %d bytes, fewer than the %d that its header announces for the JSON."
                                .formatted(bytes.length, end));
            }
            received.json = parse(bytes, end);
            received.rest = ByteBuffer.wrap(bytes, end, bytes.length - end);
            return received;
        } catch (IOException | RuntimeException e) {
            received.close();
            throw e;
        }
    }

    private byte[] bytes(HttpServletRequest request, Received received) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        InputStream body = request.getInputStream();
        byte[] chunk = new byte[CHUNK];
        for (int read = body.readNBytes(chunk, 0, CHUNK); read > 0; read = body.readNBytes(chunk, 0, CHUNK)) {
            if (!chunks.tryAcquire()) {
                throw CaptionFailure.retryable(
                        Reason.OVERLOADED,
                        "The bodies of other requests fill the memory for JSON: try again after the seconds in Retry-After.",
                        SOON);
            }
            received.held++;
            bytes.write(chunk, 0, read);
            requireWithinLimit(bytes.size());
        }
        problems.requireWhole(request);
        return bytes.toByteArray();
    }

    private JsonNode parse(byte[] bytes, int length) {
        try {
            JsonNode node = json.readTree(bytes, 0, length);
            if (node.isObject()) {
                return node;
            }
        } catch (StreamConstraintsException beyondLimits) {
            throw new InvalidRequestException(ProblemType.MALFORMED_REQUEST, BEYOND_LIMITS);
        } catch (JacksonException malformed) {
            TokenStreamLocation location = malformed.getLocation();
            throw new InvalidRequestException(
                    ProblemType.MALFORMED_REQUEST,
                    location == null
                            ? "The body is not JSON."
                            : "The body is not JSON: check line %d, column %d."
                                    .formatted(location.getLineNr(), location.getColumnNr()));
        }
        throw new InvalidRequestException(
                ProblemType.MALFORMED_REQUEST, "The body must be an object of JSON, as in {\"model\": \"captioner\"}.");
    }

    private void requireWithinLimit(long size) {
        if (size > maxBytes) {
            throw CaptionFailure.of(
                    Reason.TOO_MANY_BYTES,
                    "A body of JSON may have at most %d bytes: send a smaller photo, or fewer in one request."
                            .formatted(maxBytes));
        }
    }
}
