package io.captioner.security;

import io.captioner.web.AccessRefusedException;

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
