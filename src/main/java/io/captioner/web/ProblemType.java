package io.captioner.web;

import io.captioner.caption.CaptionFailure.Reason;
import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/** Every kind of RFC 9457 problem that the service answers with; its URI is stable, its title may be reworded. */
public enum ProblemType {
    MISSING_IMAGE(HttpStatus.BAD_REQUEST, "No image was sent"),
    EMPTY_IMAGE(HttpStatus.BAD_REQUEST, "An image is empty"),
    UNREADABLE_IMAGE(HttpStatus.BAD_REQUEST, "An image cannot be read"),
    INVALID_PARAMETER(HttpStatus.BAD_REQUEST, "A parameter is wrong"),
    MALFORMED_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be read"),
    UNAUTHORIZED(HttpStatus.UNAUTHORIZED, "No valid key or token"),
    UNKNOWN_MODEL(HttpStatus.NOT_FOUND, "There is no such model"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "This path does not exist"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "This path does not support the method"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "The answer has another media type"),
    TOO_MANY_BYTES(HttpStatus.CONTENT_TOO_LARGE, "Too many bytes"),
    TOO_MANY_PIXELS(HttpStatus.CONTENT_TOO_LARGE, "Too many pixels"),
    TOO_MANY_IMAGES(HttpStatus.CONTENT_TOO_LARGE, "Too many images"),
    NOT_AN_IMAGE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Not an image of a supported format"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Not a supported content type"),
    NOTHING_TO_CAPTION(HttpStatus.UNPROCESSABLE_CONTENT, "No words were found for an image"),
    OVERLOADED(HttpStatus.TOO_MANY_REQUESTS, "The service is full"),
    RATE_LIMITED(HttpStatus.TOO_MANY_REQUESTS, "Too many requests of one client"),
    MODEL_FAILED(HttpStatus.INTERNAL_SERVER_ERROR, "The model failed"),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "An internal error"),
    NOT_READY(HttpStatus.SERVICE_UNAVAILABLE, "Not ready"),
    INSUFFICIENT_STORAGE(HttpStatus.SERVICE_UNAVAILABLE, "No room to store the upload"),
    UPLOAD_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "The body was sent too slowly"),
    /** Never received: its client has closed the connection. */
    CLIENT_GONE(HttpStatusCode.valueOf(499), "The client closed the connection"),
    DEADLINE_EXCEEDED(HttpStatus.GATEWAY_TIMEOUT, "The deadline is exceeded");

    private final HttpStatusCode status;
    private final String title;

    ProblemType(HttpStatusCode status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The one mapping from the failures of the use case to HTTP. */
    public static ProblemType of(Reason reason) {
        return switch (reason) {
            case MISSING_IMAGE -> MISSING_IMAGE;
            case EMPTY_IMAGE -> EMPTY_IMAGE;
            case UNREADABLE_IMAGE -> UNREADABLE_IMAGE;
            case NOT_AN_IMAGE -> NOT_AN_IMAGE;
            case TOO_MANY_BYTES -> TOO_MANY_BYTES;
            case TOO_MANY_PIXELS -> TOO_MANY_PIXELS;
            case TOO_MANY_IMAGES -> TOO_MANY_IMAGES;
            case INVALID_PARAMETER -> INVALID_PARAMETER;
            case UNKNOWN_MODEL -> UNKNOWN_MODEL;
            case NOTHING_TO_CAPTION -> NOTHING_TO_CAPTION;
            case OVERLOADED -> OVERLOADED;
            case DEADLINE_EXCEEDED -> DEADLINE_EXCEEDED;
            case NOT_READY -> NOT_READY;
            case MODEL_FAILED -> MODEL_FAILED;
            case CLIENT_GONE -> CLIENT_GONE;
        };
    }

    /** The one mapping from the refusals of the authorizer to HTTP. */
    public static ProblemType of(AccessRefusedException.Reason reason) {
        return switch (reason) {
            case UNAUTHORIZED -> UNAUTHORIZED;
            case RATE_LIMITED -> RATE_LIMITED;
            case UNAVAILABLE -> NOT_READY;
        };
    }

    /** Returns the URI by which a program tells this problem from the others. */
    public URI uri() {
        return URI.create("urn:captioner:problem:" + slug());
    }

    /** Returns the end of the URI. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public HttpStatusCode status() {
        return status;
    }

    public String title() {
        return title;
    }
}
