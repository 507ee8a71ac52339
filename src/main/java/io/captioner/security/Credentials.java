package io.captioner.security;

import io.captioner.web.AccessRefusedException;
import io.captioner.web.RequestAuthorizer.RequestHead;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The key or token of a request: {@code Authorization: Bearer KEY} (RFC 6750), {@code X-API-Key: KEY} or, as Azure's
 * clients send it, {@code Ocp-Apim-Subscription-Key: KEY}.
 */
final class Credentials {
    static final String AUTHORIZATION = "Authorization";
    static final String API_KEY = "X-API-Key";

    /** The header of Azure's clients. */
    static final String AZURE_KEY = "Ocp-Apim-Subscription-Key";

    private static final String SCHEME = "bearer ";
    private static final String CHALLENGE = "Bearer realm=\"captioner\"";

    private Credentials() {}

    /**
     * Returns the one key or token of a request. Other schemes of {@code Authorization}, which a proxy may add for
     * itself, and empty headers are none.
     *
     * @throws AccessRefusedException if there is none, or several, of which another server might choose another one
     */
    static String of(RequestHead head) throws AccessRefusedException {
        List<String> all = Stream.of(
                        head.headers(AUTHORIZATION).stream().map(Credentials::bearer),
                        head.headers(API_KEY).stream().map(String::strip),
                        head.headers(AZURE_KEY).stream().map(String::strip))
                .flatMap(keys -> keys)
                .filter(key -> !key.isEmpty())
                .toList();
        if (all.size() > 1) {
            throw AccessRefusedException.unauthorized(
                    "The request has several keys: send one, as '%s: Bearer KEY' or '%s: KEY'."
                            .formatted(AUTHORIZATION, API_KEY),
                    CHALLENGE + ", error=\"invalid_request\"");
        }
        if (all.isEmpty()) {
            throw AccessRefusedException.unauthorized(
                    "Send your key as '%s: Bearer KEY' or '%s: KEY': the request has none."
                            .formatted(AUTHORIZATION, API_KEY),
                    CHALLENGE);
        }
        return all.get(0);
    }

    /** Returns the refusal of an invalid key or token; the reason is not revealed. */
    static AccessRefusedException invalid() {
        return AccessRefusedException.unauthorized(
                "This key or token is not, or no longer, valid: ask the operator of this service for another one.",
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
