package io.captioner.bench;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer over HTTP.
 *
 * @param headers by name in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // read once
record Response(int status, Map<String, String> headers, byte[] body) {
    static final int OK = 200;

    @Nullable String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }

    /** Whether the server closes the connection behind this answer. */
    boolean closes() {
        return "close".equalsIgnoreCase(header("connection"));
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
