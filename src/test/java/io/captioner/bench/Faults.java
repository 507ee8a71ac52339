package io.captioner.bench;

import java.util.Set;

/** What a server must never do to a good request: no answer, or an error of its own that is no refusal. */
final class Faults {
    private static final Set<Integer> HONEST = Set.of(503, 504);

    private Faults() {}

    static boolean isFault(int status) {
        return status == Sample.NONE || (status >= 500 && !HONEST.contains(status));
    }

    static long count(Load load) {
        return load.count(sample -> isFault(sample.status()));
    }
}
