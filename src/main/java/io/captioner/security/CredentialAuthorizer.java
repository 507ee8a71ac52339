package io.captioner.security;

import io.captioner.web.RequestAuthorizer;
import io.captioner.web.RequestRefusedException;

/** A gate that asks for a key or token, except where everybody may look, and holds each sender to its limits. */
final class CredentialAuthorizer implements RequestAuthorizer, AutoCloseable {
    private final Authenticator authenticator;
    private final RateLimiter allowances;

    /** @param authenticator closed with the gate */
    CredentialAuthorizer(Authenticator authenticator, RateLimiter allowances) {
        this.authenticator = authenticator;
        this.allowances = allowances;
    }

    @Override
    public Pass enter(Visitor visitor) throws RequestRefusedException {
        if (PublicEndpoints.contain(visitor)) {
            return Pass.OF_NOBODY;
        }
        return allowances.enter(authenticator.authenticate(Credentials.of(visitor)));
    }

    @Override
    public void close() {
        authenticator.close();
    }
}
