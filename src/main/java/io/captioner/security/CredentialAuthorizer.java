package io.captioner.security;

import io.captioner.web.AccessRefusedException;
import io.captioner.web.RequestAuthorizer;
import io.captioner.web.RequestAuthorizer.RequestHead;
import java.util.List;
import java.util.Set;

/** The authorizer that requires a key or token, except for public endpoints, and enforces the limits of each client. */
final class CredentialAuthorizer implements RequestAuthorizer, AutoCloseable {
    private final Authenticator authenticator;
    private final RateLimiter limiter;

    /** @param authenticator closed with this */
    CredentialAuthorizer(Authenticator authenticator, RateLimiter limiter) {
        this.authenticator = authenticator;
        this.limiter = limiter;
    }

    @Override
    public Grant authorize(RequestHead head) throws AccessRefusedException {
        if (PublicEndpoints.contain(head)) {
            return Grant.ANONYMOUS;
        }
        return limiter.acquire(authenticator.authenticate(Credentials.of(head)));
    }

    @Override
    public void close() {
        authenticator.close();
    }

    /** Finds the client of a key or token. Called by many threads at once. */
    interface Authenticator extends AutoCloseable {
        /**
         * Returns the client of a key or token.
         *
         * @throws AccessRefusedException if it is invalid, or cannot be checked now
         */
        Client authenticate(String credential) throws AccessRefusedException;

        @Override
        void close();
    }

    /**
     * The endpoints that need no key: probes, for which a kubelet has none, and the description of the service and the
     * files of its pages, which reveal nothing beyond the source code. Every other path needs a key, also paths that do
     * not exist.
     */
    static final class PublicEndpoints {
        private static final Set<String> METHODS = Set.of("GET", "HEAD");
        private static final Set<String> PATHS =
                Set.of("/", "/archive", "/livez", "/readyz", "/swagger-ui.html", "/v3/api-docs", "/v3/api-docs.yaml");
        private static final List<String> TREES = List.of("/page/", "/archive/", "/swagger-ui/", "/v3/api-docs/");

        /** Two parsers may read a path with one of these in two ways. */
        private static final List<String> AMBIGUOUS = List.of("%", ";", "..", "//", "/./", "\\");

        private PublicEndpoints() {}

        static boolean contain(RequestHead head) {
            String path = head.path();
            return METHODS.contains(head.method())
                    && (PATHS.contains(path) || TREES.stream().anyMatch(path::startsWith))
                    && AMBIGUOUS.stream().noneMatch(path::contains);
        }
    }
}
