package io.captioner.archive;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for in the archive; an entry is found if all that is not null holds.
 *
 * @param words of which an entry's caption or correction has at least one, compared by their English stems
 * @param sha256 of the photo
 * @param from earliest time, inclusive
 * @param to latest time, exclusive
 * @param minConfidence least confidence, inclusive
 * @param maxConfidence greatest confidence, inclusive
 * @param order of what is found
 * @param page from 0
 * @param size entries of a page, 1 to {@value #MAX_SIZE}; page and size reach at most {@value #MAX_REACH} entries
 */
public record ArchiveQuery(
        @Nullable String words,
        @Nullable String sha256,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Double minConfidence,
        @Nullable Double maxConfidence,
        Order order,
        int page,
        int size) {
    /** Most entries of a page. */
    public static final int MAX_SIZE = 100;

    /** The last entry that a page may have, counted from 1: each page costs the work of all before it. */
    public static final int MAX_REACH = 10_000;

    /** The order of what is found; equal ones newest first. */
    public enum Order {
        /** How well the words fit, by BM25; without words as {@link #NEWEST}. */
        RELEVANCE,
        NEWEST,
        OLDEST,
        /** The surest first. */
        CONFIDENCE,
        /** The least sure first: what is worth a correction. */
        UNCERTAINTY
    }

    int reach() {
        return (page + 1) * size;
    }
}
