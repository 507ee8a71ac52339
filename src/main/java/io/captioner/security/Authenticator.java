package io.captioner.security;

import io.captioner.api.GateRefusedException;

/** Tells whose key or token this is. Called by many threads at once. */
interface Authenticator extends AutoCloseable {
    /**
     * Returns who has sent a key or token.
     *
     * @throws GateRefusedException if nobody may have sent it, or it cannot be told now
     */
    Sender authenticate(String credential) throws GateRefusedException;

    @Override
    void close();
}
