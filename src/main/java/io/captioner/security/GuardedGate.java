package io.captioner.security;

import io.captioner.api.Gate;
import io.captioner.api.GateRefusedException;

/** A gate that asks for a key or token, except where everybody may look, and holds each sender to its limits. */
final class GuardedGate implements Gate, AutoCloseable {
    private final Authenticator authenticator;
    private final Allowances allowances;

    /** @param authenticator closed with the gate */
    GuardedGate(Authenticator authenticator, Allowances allowances) {
        this.authenticator = authenticator;
        this.allowances = allowances;
    }

    @Override
    public Pass enter(Visitor visitor) throws GateRefusedException {
        if (OpenPaths.contain(visitor)) {
            return Pass.OF_NOBODY;
        }
        return allowances.enter(authenticator.authenticate(Credentials.of(visitor)));
    }

    @Override
    public void close() {
        authenticator.close();
    }
}
