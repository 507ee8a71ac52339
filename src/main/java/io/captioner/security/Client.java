package io.captioner.security;

import org.jspecify.annotations.Nullable;

/**
 * The authenticated client of a request.
 *
 * @param id what the limits are counted by
 * @param logged the name for the access log; null for one that may be a person's
 */
record Client(String id, @Nullable String logged, Limits limits) {}
