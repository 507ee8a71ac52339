package io.captioner.archive;

import io.captioner.archive.ArchiveProperties.OpenSearch;
import io.captioner.archive.ArchiveQuery.Order;
import io.captioner.files.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Entries, properties and queries for tests. */
final class Entries {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private Entries() {}

    static String id(int number) {
        return "%032x".formatted(number);
    }

    /** An entry of the minute with this number, whose confidence is a hundredth of it. */
    static ArchivedCaption entry(int number, String text) {
        return new ArchivedCaption(
                id(number),
                Sha256.of(("photo " + number).getBytes(StandardCharsets.UTF_8)),
                START.plus(Duration.ofMinutes(number)),
                "photo-%d.jpg".formatted(number),
                640,
                480,
                text,
                number % 100 / 100.0,
                -1.5,
                "colours/1",
                "0".repeat(64),
                null);
    }

    static ArchiveProperties properties(Path directory, Duration maxAge, DataSize maxSize) {
        return new ArchiveProperties(
                true,
                directory,
                false,
                Duration.ofSeconds(30),
                true,
                maxAge,
                maxSize,
                64,
                new OpenSearch(null, "captions", null));
    }

    static ArchiveProperties properties(Path directory) {
        return properties(directory, Duration.ZERO, DataSize.ofBytes(0));
    }

    static ArchiveQuery words(@Nullable String words, Order order) {
        return new ArchiveQuery(words, null, null, null, null, null, order, 0, 20);
    }
}
