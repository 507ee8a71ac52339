package io.captioner.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The secret by which the service knows the requests that it sends itself before it is ready: they need no key and have
 * no line in the access log. It never leaves the process but in these requests, and is void once they are over. Safe
 * for use by several threads.
 */
public final class RehearsalToken {
    static final String HEADER = "Captioner-Rehearsal";
    private static final String ATTRIBUTE = RehearsalToken.class.getName();
    private static final int BYTES = 32;

    private volatile @Nullable String secret;

    /** Starts a rehearsal; returns the value of {@link #HEADER}. */
    String begin() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String value = HexFormat.of().formatHex(random);
        secret = value;
        return value;
    }

    /** Ends the rehearsal: from now on the header means nothing. */
    void end() {
        secret = null;
    }

    /** Returns whether a request is part of the rehearsal. */
    public boolean marks(HttpServletRequest request) {
        String expected = secret;
        String sent = expected == null ? null : request.getHeader(HEADER);
        boolean marked = expected != null
                && sent != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.US_ASCII), sent.getBytes(StandardCharsets.US_ASCII));
        if (marked) {
            request.setAttribute(ATTRIBUTE, true);
        }
        return marked;
    }

    /** Returns whether a request has been marked before. */
    static boolean isMarked(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) != null;
    }
}
