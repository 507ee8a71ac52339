package io.captioner.web;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request that is refused for its client, with what the client can do. It is frequent, so it has no stack trace. */
public final class AccessRefusedException extends Exception {
    /** Why a request is refused. */
    public enum Reason {
        /** It has no key or token, or an invalid one. */
        UNAUTHORIZED,
        /** Its client has too many requests in flight, or sends them too fast. */
        RATE_LIMITED,
        /** Its token cannot be checked now. */
        UNAVAILABLE
    }

    private final Reason reason;
    private final String detail;
    private final String challenge;
    private final @Nullable Duration retryAfter;

    private AccessRefusedException(Reason reason, String detail, String challenge, @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
        this.challenge = challenge;
        this.retryAfter = retryAfter;
    }

    /**
     * Returns the refusal of a request without a valid key.
     *
     * @param challenge the {@code WWW-Authenticate} header
     */
    public static AccessRefusedException unauthorized(String detail, String challenge) {
        return new AccessRefusedException(Reason.UNAUTHORIZED, detail, challenge, null);
    }

    /** Returns the refusal of a request that may be sent again later. */
    public static AccessRefusedException later(Reason reason, String detail, Duration retryAfter) {
        return new AccessRefusedException(reason, detail, "", retryAfter);
    }

    public Reason reason() {
        return reason;
    }

    /** Returns what is wrong and what to do, for the client. */
    public String detail() {
        return detail;
    }

    /** Returns the {@code WWW-Authenticate} header, empty for none. */
    public String challenge() {
        return challenge;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
