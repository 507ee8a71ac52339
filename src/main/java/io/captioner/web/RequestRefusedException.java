package io.captioner.web;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says that a request may not come in, and what its sender can do. Usual, so it has no stack trace. */
public final class RequestRefusedException extends Exception {
    /** Why a request may not come in. */
    public enum Reason {
        /** It has no key or token, or none that is good. */
        UNAUTHORIZED,
        /** Its sender has too many requests inside, or sends them too fast. */
        RATE_LIMITED,
        /** Nobody can tell now whether its token is good. */
        UNDECIDED
    }

    private final Reason reason;
    private final String detail;
    private final String challenge;
    private final @Nullable Duration retryAfter;

    private RequestRefusedException(Reason reason, String detail, String challenge, @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
        this.challenge = challenge;
        this.retryAfter = retryAfter;
    }

    /**
     * Returns the refusal of a request without a good key.
     *
     * @param challenge the {@code WWW-Authenticate} header
     */
    public static RequestRefusedException unauthorized(String detail, String challenge) {
        return new RequestRefusedException(Reason.UNAUTHORIZED, detail, challenge, null);
    }

    /** Returns the refusal of a request that may come again later. */
    public static RequestRefusedException later(Reason reason, String detail, Duration retryAfter) {
        return new RequestRefusedException(reason, detail, "", retryAfter);
    }

    public Reason reason() {
        return reason;
    }

    /** Returns what is wrong and what to do, for the sender. */
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
