package io.captioner.security;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The authenticated client of a request.
 *
 * @param id what the limits are counted by
 * @param logged the name for the access log; null for one that may be a person's
 */
record Client(String id, @Nullable String logged, Limits limits) {
    /**
     * The limits of one client. Requests are counted, not images: the images of a request are not known before its body is
     * read.
     *
     * @param requestsPerSecond requests a second in the long run
     * @param burst requests at once after a pause
     * @param concurrent requests in flight at a time; below {@code captioner.batching.queue-capacity}, so that no client
     *     takes all permits
     */
    record Limits(
            @DefaultValue("50") double requestsPerSecond,
            @DefaultValue("100") int burst,
            @DefaultValue("64") int concurrent) {
        private static final double FASTEST = 1e6;

        /** @throws IllegalArgumentException if one of them would refuse every request */
        Limits {
            if (!(requestsPerSecond > 0 && requestsPerSecond <= FASTEST)) {
                throw new IllegalArgumentException("requests-per-second must be above 0 and at most %.0f, not %s"
                        .formatted(FASTEST, requestsPerSecond));
            }
            if (burst < 1 || concurrent < 1) {
                throw new IllegalArgumentException(
                        "burst and concurrent must be at least 1, not %d and %d".formatted(burst, concurrent));
            }
        }
    }
}
