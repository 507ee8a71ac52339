package io.captioner.security;

/** The credential that a request needs. */
enum SecurityMode {
    /** None: for a network in which every client may use the service. */
    NONE,
    /** A key whose hash is in a file. */
    API_KEY,
    /** A token that an issuer has signed. */
    JWT
}
