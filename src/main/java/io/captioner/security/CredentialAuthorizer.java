package io.captioner.security;

import io.captioner.web.AccessRefusedException;
import io.captioner.web.RequestAuthorizer;

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
}
