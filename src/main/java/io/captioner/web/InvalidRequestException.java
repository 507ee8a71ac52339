package io.captioner.web;

import org.springframework.http.HttpHeaders;

/** A request that is refused for its form, before anything of it reaches the use case. */
final class InvalidRequestException extends RuntimeException {
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
