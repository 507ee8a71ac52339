package io.captioner.web;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import io.captioner.web.BodyProblems.InvalidRequestException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns every failure into an RFC 9457 problem that says what to do, and never reveals internals of the service. */
@RestControllerAdvice
@Profile("!training")
public final class ProblemExceptionHandler extends ResponseEntityExceptionHandler {
    public static final String MALFORMED_MULTIPART =
            "The multipart/form-data body could not be read: check the boundary, that no part has a long header, that there are"
                    + " not too many parts, and that the upload was not cut off.";
    public static final String BUG =
            "This is a bug, not your mistake: please report it with the time of the request; the log has the details.";
    public static final String UNSUPPORTED_MEDIA_TYPE =
            "Send multipart/form-data with the photos in parts named 'image', or the bytes of one photo as the body with a content"
                    + " type of image/* or application/octet-stream.";
    public static final String MALFORMED_QUERY =
            "The path or query string cannot be read: write a percent sign as %25, and other characters that have a meaning or are not ASCII"
                    + " as the percent-encoded bytes of their UTF-8 form; every value needs a name.";
    private static final String NOT_ACCEPTABLE =
            "The Accept header has none of the media types offered here: name one of %s, or leave the header out.";

    public static final String INSUFFICIENT_STORAGE =
            "The photo could not be stored while it was received: try again after the seconds in Retry-After, or send less than %d bytes, which are not stored."
                    .formatted(UploadLimits.BYTES_IN_MEMORY);

    private static final String NOT_FOUND =
            "Send photos with POST to /captions; /swagger-ui.html describes the service.";
    private static final String TRANSFER_ENCODING =
            "This method or Transfer-Encoding is not supported: send a body chunked, or with its Content-Length.";
    private static final String HTTP_VERSION = "This version of HTTP is not supported: use HTTP/1.1.";
    private static final String MALFORMED_REQUEST = "Compare the request with the one in /swagger-ui.html.";

    private static final Logger log = LoggerFactory.getLogger(ProblemExceptionHandler.class);

    private final BodyProblems bodies;

    ProblemExceptionHandler(ImageProperties limits, RequestProperties requests) {
        this.bodies = new BodyProblems(limits, requests);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> captioningFailed(CaptionFailure failure) {
        if (failure.reason() == Reason.MODEL_FAILED) {
            log.error("The model failed on a request", failure.getCause());
        }
        return answer(failure);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> requestIsRefused(InvalidRequestException refused) {
        return ResponseEntity.status(refused.type().status())
                .headers(refused.headers())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem(refused.type(), refused.detail()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> multipartIsMalformed(MultipartException exception, HttpServletRequest request) {
        log.debug("A multipart body could not be read", exception);
        return requestIsRefused(bodies.ofMultipart(exception, request));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> queryIsMalformed(InvalidParameterException exception) {
        log.debug("A query string could not be read", exception);
        return answer(ProblemType.MALFORMED_REQUEST, MALFORMED_QUERY);
    }

    @ExceptionHandler
    @Nullable ResponseEntity<ProblemDetail> bodyBrokeOff(IOException exception, HttpServletRequest request) {
        if (exception instanceof AsyncRequestNotUsableException) {
            return null;
        }
        log.debug("A body could not be read", exception);
        return requestIsRefused(bodies.ofRaw(exception, request));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> bug(Exception exception) {
        log.error("A bug: unexpected exception", exception);
        return answer(ProblemType.INTERNAL_ERROR, BUG);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMaxUploadSizeExceededException(
            MaxUploadSizeExceededException exception, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        HttpServletRequest servlet = ((ServletWebRequest) request).getRequest();
        return widen(multipartIsMalformed(exception, servlet));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(
            HttpMediaTypeNotSupportedException exception,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(ProblemType.UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED_MEDIA_TYPE, headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotAcceptable(
            HttpMediaTypeNotAcceptableException exception,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(ProblemType.NOT_ACCEPTABLE, notAcceptable(exception.getSupportedMediaTypes()), headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException exception,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String allowed = Optional.ofNullable(exception.getSupportedMethods())
                .map(methods -> String.join(" or ", methods))
                .orElse("another method");
        return answer(
                ProblemType.METHOD_NOT_ALLOWED,
                "Use %s here, not %s.".formatted(allowed, exception.getMethod()),
                headers);
    }

    /** Handles the rest of Spring's exceptions: a wrong path, or a request that does not fit the handler. */
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception exception,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (status.value() == ProblemType.NOT_FOUND.status().value()) {
            return answer(ProblemType.NOT_FOUND, NOT_FOUND, headers);
        }
        if (status.is4xxClientError()) {
            log.debug("A request could not be read", exception);
            return answer(ProblemType.MALFORMED_REQUEST, MALFORMED_REQUEST, headers);
        }
        return widen(bug(exception));
    }

    /** Returns the sentence for an Accept header without any of the media types; none stands for JSON. */
    public static String notAcceptable(List<MediaType> offered) {
        String types = offered.stream()
                .map(type -> type.getType() + "/" + type.getSubtype())
                .distinct()
                .collect(Collectors.joining(", "));
        return NOT_ACCEPTABLE.formatted(types.isEmpty() ? MediaType.APPLICATION_JSON_VALUE : types);
    }

    /** Returns the sentence for a body that was sent too slowly. */
    public static String uploadTimeout(Duration limit) {
        return "The body was not complete after %d s: send smaller files, or fewer at once."
                .formatted(limit.toSeconds());
    }

    /** Returns the problem of a failure. */
    public static ProblemDetail problem(CaptionFailure failure) {
        ProblemDetail problem = problem(ProblemType.of(failure.reason()), failure.getMessage());
        setIfPresent(problem, "parameter", failure.parameter());
        setIfPresent(problem, "image", failure.image());
        setIfPresent(problem, "filename", failure.filename());
        return problem;
    }

    /**
     * Returns the problem of an answer of which only the status is known. The status is kept, unless it calls a fault
     * of the client one of the server.
     */
    public static ProblemDetail ofStatus(int status) {
        ProblemDetail problem = switch (status) {
            case 404 -> problem(ProblemType.NOT_FOUND, NOT_FOUND);
            case 405 -> problem(ProblemType.METHOD_NOT_ALLOWED, "Use another method here.");
            case 500 -> problem(ProblemType.INTERNAL_ERROR, BUG);
            case 503 -> problem(ProblemType.NOT_READY, "The service is not ready: try again later.");
            // Tomcat's own: a protocol or a transfer encoding that it does not know is the client's fault, as HTTP has
            // it.
            case 501 -> problem(ProblemType.MALFORMED_REQUEST, TRANSFER_ENCODING);
            case 505 -> problem(ProblemType.MALFORMED_REQUEST, HTTP_VERSION);
            default -> problem(ProblemType.MALFORMED_REQUEST, MALFORMED_REQUEST);
        };
        if (problem.getStatus() == HttpStatus.BAD_REQUEST.value()
                && status < HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            problem.setStatus(status);
        }
        return problem;
    }

    /** Returns the members of a problem as they are written, in order. */
    public static Map<String, @Nullable Object> members(ProblemDetail problem) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("type", problem.getType());
        members.put("title", problem.getTitle());
        members.put("status", problem.getStatus());
        members.put("detail", problem.getDetail());
        members.put("instance", problem.getInstance());
        if (problem.getProperties() != null) {
            members.putAll(problem.getProperties());
        }
        return members;
    }

    /** Returns the seconds after which another try is worth it, rounded up; null if that is not known. */
    public static @Nullable String retryAfter(CaptionFailure failure) {
        return failure.retryAfter() == null ? null : retryAfter(failure.retryAfter());
    }

    /** Returns a time as whole seconds, rounded up, and at least one. */
    public static String retryAfter(Duration time) {
        return Long.toString(Math.max(1, time.plusNanos(999_999_999).toSeconds()));
    }

    /** Returns a problem of the given type. */
    public static ProblemDetail problem(ProblemType type, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(type.status(), detail);
        problem.setType(type.uri());
        problem.setTitle(type.title());
        return problem;
    }

    private static void setIfPresent(ProblemDetail problem, String name, @Nullable Object value) {
        if (value != null) {
            problem.setProperty(name, value);
        }
    }

    private static ResponseEntity<ProblemDetail> answer(CaptionFailure failure) {
        ProblemDetail problem = problem(failure);
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(problem.getStatus()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        String retryAfter = retryAfter(failure);
        if (retryAfter != null) {
            response.header(HttpHeaders.RETRY_AFTER, retryAfter);
        }
        return response.body(problem);
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemType type, String detail) {
        return ResponseEntity.status(type.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem(type, detail));
    }

    private static ResponseEntity<Object> answer(ProblemType type, String detail, HttpHeaders headers) {
        return ResponseEntity.status(type.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem(type, detail));
    }

    private static ResponseEntity<Object> widen(ResponseEntity<ProblemDetail> response) {
        return ResponseEntity.status(response.getStatusCode())
                .headers(response.getHeaders())
                .body(Objects.requireNonNull(response.getBody(), "bug: every problem has a body"));
    }
}
