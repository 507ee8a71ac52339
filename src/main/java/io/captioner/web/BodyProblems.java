package io.captioner.web;

import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.apache.tomcat.util.http.fileupload.MultipartStream.MalformedStreamException;
import org.apache.tomcat.util.http.fileupload.impl.FileCountLimitExceededException;
import org.apache.tomcat.util.http.fileupload.impl.FileSizeLimitExceededException;
import org.apache.tomcat.util.http.fileupload.impl.InvalidContentTypeException;
import org.apache.tomcat.util.http.fileupload.impl.SizeLimitExceededException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.multipart.MultipartException;

/** The problems of bodies that could not be read, told apart by Tomcat's exception and the start of the body. */
final class BodyProblems {
    static final String TRUNCATED =
            "The multipart/form-data body ends before its last boundary: it was cut off in transit: send it again.";

    private static final String LINE_FEEDS =
            "The lines of the multipart/form-data body end with LF alone: end each line of its boundaries and headers with CR LF.";
    private static final String NO_BOUNDARY =
            "The Content-Type multipart/form-data has no boundary: leave this header to your HTTP library, which adds it.";
    private static final String LONG_BOUNDARY =
            "The boundary in the Content-Type is too long: use one of at most 70 characters.";
    private static final String ENCODING =
            "The body is not what its Content-Encoding '%s' says, or was cut off: encode it whole, or leave this header out.";
    private static final String BROKEN_OFF = "The body broke off before its end: send it again.";
    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary\\s*=\\s*\"?([^\";,]+)", Pattern.CASE_INSENSITIVE);
    private static final Duration STORAGE_RETRY = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(BodyProblems.class);
    private static final int LINE_FEED = '\n';
    private static final int RETURN = '\r';

    private final ImageProperties limits;
    private final RequestProperties requests;

    BodyProblems(ImageProperties limits, RequestProperties requests) {
        this.limits = limits;
        this.requests = requests;
    }

    /** Returns the problem of a multipart body that could not be read. */
    InvalidRequestException ofMultipart(MultipartException failure, HttpServletRequest request) {
        InvalidRequestException early = ofEarlyEnd(request);
        if (early != null) {
            return early;
        }
        if (isStorageFault(failure, request)) {
            return insufficientStorage(failure);
        }
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            InvalidRequestException known = of(cause, request);
            if (known != null) {
                return known;
            }
        }
        return malformed(boundary(request) == null ? NO_BOUNDARY : ProblemExceptionHandler.MALFORMED_MULTIPART);
    }

    /** Returns the problem of a raw body that could not be read, or not stored. */
    InvalidRequestException ofRaw(IOException failure, HttpServletRequest request) {
        InvalidRequestException early = ofEarlyEnd(request);
        if (early != null) {
            return early;
        }
        return isStorageFault(failure, request) ? insufficientStorage(failure) : malformed(BROKEN_OFF);
    }

    /** Whether a body was read from the client, but not written to the directory of temporary files. */
    private static boolean isStorageFault(Throwable failure, HttpServletRequest request) {
        if (!ClientConnection.readWithoutFault(request)) {
            return false;
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass() == IOException.class
                || root instanceof FileSystemException
                || root instanceof FileNotFoundException;
    }

    private static InvalidRequestException insufficientStorage(Throwable failure) {
        log.error(
                "An upload could not be stored in {}: free space there, or give java.io.tmpdir another directory",
                System.getProperty("java.io.tmpdir"),
                failure);
        InvalidRequestException refused = new InvalidRequestException(
                ProblemType.INSUFFICIENT_STORAGE, ProblemExceptionHandler.INSUFFICIENT_STORAGE);
        refused.headers.set(HttpHeaders.RETRY_AFTER, ProblemExceptionHandler.retryAfter(STORAGE_RETRY));
        return refused;
    }

    /**
     * Requires that a body was not ended before all of it was read.
     *
     * @throws InvalidRequestException if it was
     */
    void requireWhole(HttpServletRequest request) {
        InvalidRequestException early = ofEarlyEnd(request);
        if (early != null) {
            throw early;
        }
    }

    /** Returns the problem of a multipart body without any part; null if it is well-formed and simply has none. */
    static @Nullable InvalidRequestException ofNoParts(HttpServletRequest request) {
        String start = start(request);
        String boundary = boundary(request);
        if (boundary == null || start.contains("--" + boundary + "--")) {
            return null;
        }
        if (start.isEmpty()) {
            return malformed("The multipart/form-data body is empty.");
        }
        return hasBareLineFeeds(start)
                ? malformed(LINE_FEEDS)
                : malformed(
                        "There is no part in the multipart/form-data body that begins with the boundary '%s' of the Content-Type: leave this header to your HTTP library."
                                .formatted(boundary));
    }

    private @Nullable InvalidRequestException ofEarlyEnd(HttpServletRequest request) {
        ClientConnection.BodyFault fault = ClientConnection.bodyFault(request);
        if (fault == null) {
            return null;
        }
        return switch (fault) {
            case TOO_SLOW ->
                new InvalidRequestException(
                        ProblemType.UPLOAD_TIMEOUT, ProblemExceptionHandler.uploadTimeout(requests.uploadTimeout()));
            case UNDECODABLE -> malformed(ENCODING.formatted(request.getHeader(ContentEncoding.HEADER)));
            case TOO_MANY_BYTES -> tooManyBytes(wholeBody());
            case BROKEN_OFF -> null;
        };
    }

    private @Nullable InvalidRequestException of(Throwable cause, HttpServletRequest request) {
        if (cause instanceof FileSizeLimitExceededException) {
            return tooManyBytes(ImageUploads.tooManyBytes(limits));
        }
        if (cause instanceof FileCountLimitExceededException) {
            return malformed(
                    "The body has more than %d parts: send at most %d photos, each as one part, and few other fields."
                            .formatted(UploadLimits.parts(requests), requests.maxImages()));
        }
        if (cause instanceof SizeLimitExceededException size) {
            if (size.getPermittedSize() != UploadLimits.PART_HEADER_BYTES) {
                return tooManyBytes(wholeBody());
            }
            return malformed(
                    hasBareLineFeeds(start(request))
                            ? LINE_FEEDS
                            : "A part has headers of more than %d bytes: give the file a shorter name, and end the headers with an empty line."
                                    .formatted(UploadLimits.PART_HEADER_BYTES));
        }
        if (cause instanceof MalformedStreamException) {
            return malformed(hasBareLineFeeds(start(request)) ? LINE_FEEDS : TRUNCATED);
        }
        if (cause instanceof InvalidContentTypeException) {
            return malformed(LONG_BOUNDARY);
        }
        if (cause instanceof IllegalStateException && !(cause instanceof InvalidParameterException)) {
            return tooManyBytes(
                    "The parts without a file name may have at most %d bytes together: send photos as files, as in: curl -F image=@photo.jpg"
                            .formatted(limits.maxBytes().toBytes()));
        }
        return cause instanceof IOException && cause.getClass() == IOException.class ? malformed(BROKEN_OFF) : null;
    }

    private String wholeBody() {
        return "The whole body may have at most %d bytes: send fewer photos at once, or smaller ones."
                .formatted(UploadLimits.requestBytes(limits, requests));
    }

    private static InvalidRequestException tooManyBytes(String detail) {
        return new InvalidRequestException(ProblemType.TOO_MANY_BYTES, detail);
    }

    private static InvalidRequestException malformed(String detail) {
        return new InvalidRequestException(ProblemType.MALFORMED_REQUEST, detail);
    }

    private static String start(HttpServletRequest request) {
        return new String(ClientConnection.bodyStart(request), StandardCharsets.ISO_8859_1);
    }

    private static boolean hasBareLineFeeds(String start) {
        int end = start.indexOf(LINE_FEED);
        return end == 0 || end > 0 && start.charAt(end - 1) != RETURN;
    }

    /** The boundary as it was sent; the media type need not be well-formed else. */
    private static @Nullable String boundary(HttpServletRequest request) {
        Matcher matcher = BOUNDARY.matcher(String.valueOf(request.getContentType()));
        return matcher.find() ? matcher.group(1) : null;
    }

    /** A request that is refused for its form, before anything of it reaches the use case. */
    static final class InvalidRequestException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final ProblemType type;
        private final transient HttpHeaders headers = new HttpHeaders();

        /** @param detail what is wrong, and what to do */
        InvalidRequestException(ProblemType type, String detail) {
            super(detail);
            this.type = type;
        }

        /** Returns the refusal of a content encoding that is not read, which names those that are. */
        static InvalidRequestException unsupportedEncoding(String encoding) {
            InvalidRequestException refused = new InvalidRequestException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Encoding '%s' is not read: send the body as it is, or with one of %s."
                            .formatted(encoding, ContentEncoding.ACCEPTED));
            refused.headers.set(HttpHeaders.ACCEPT_ENCODING, ContentEncoding.ACCEPTED);
            return refused;
        }

        ProblemType type() {
            return type;
        }

        /** Returns the headers of the answer. */
        HttpHeaders headers() {
            return headers;
        }

        String detail() {
            return String.valueOf(getMessage());
        }
    }
}
