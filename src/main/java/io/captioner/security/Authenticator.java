package io.captioner.security;

import io.captioner.web.RequestRefusedException;

/** Tells whose key or token this is. Called by many threads at once. */
interface Authenticator extends AutoCloseable {
    /**
     * Returns who has sent a key or token.
     *
     * @throws RequestRefusedException if nobody may have sent it, or it cannot be told now
     */
    Client authenticate(String credential) throws RequestRefusedException;

    @Override
    void close();
}
