package io.captioner.security;

import io.captioner.web.RequestAuthorizer.Visitor;
import io.captioner.web.RequestRefusedException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The key or token of a request: {@code Authorization: Bearer KEY} (RFC 6750) or {@code X-API-Key: KEY}. */
final class Credentials {
    static final String AUTHORIZATION = "Authorization";
    static final String API_KEY = "X-API-Key";

    private static final String SCHEME = "bearer ";
    private static final String CHALLENGE = "Bearer realm=\"captioner\"";

    private Credentials() {}

    /**
     * Returns the one key or token of a request. Other schemes of {@code Authorization}, which a proxy may add for
     * itself, and empty headers are none.
     *
     * @throws RequestRefusedException if there is none, or several, of which another server might take another one
     */
    static String of(Visitor visitor) throws RequestRefusedException {
        List<String> all = Stream.concat(
                        visitor.headers(AUTHORIZATION).stream().map(Credentials::bearer),
                        visitor.headers(API_KEY).stream().map(String::strip))
                .filter(key -> !key.isEmpty())
                .toList();
        if (all.size() > 1) {
            throw RequestRefusedException.unauthorized(
                    "There are several keys: send one, as '%s: Bearer KEY' or '%s: KEY'."
                            .formatted(AUTHORIZATION, API_KEY),
                    CHALLENGE + ", error=\"invalid_request\"");
        }
        if (all.isEmpty()) {
            throw RequestRefusedException.unauthorized(
                    "Send your key as '%s: Bearer KEY' or '%s: KEY': there was none.".formatted(AUTHORIZATION, API_KEY),
                    CHALLENGE);
        }
        return all.get(0);
    }

    /** Returns the refusal of a key or token that is not good; why is not told. */
    static RequestRefusedException wrong() {
        return RequestRefusedException.unauthorized(
                "This key or token is not, or no longer, good: ask whoever runs this service for another one.",
                CHALLENGE + ", error=\"invalid_token\"");
    }

    /** Returns what follows the scheme; empty for another scheme. */
    private static String bearer(String authorization) {
        String value = authorization.strip();
        return value.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                ? value.substring(SCHEME.length()).strip()
                : "";
    }
}
