package io.captioner.security;

/** What a request must bring to be let in. */
enum SecurityMode {
    /** Nothing: for a network in which everybody may ask. */
    NONE,
    /** A key whose hash stands in a file. */
    API_KEY,
    /** A token that an issuer has signed. */
    JWT
}
