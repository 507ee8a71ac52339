package io.captioner.api;

import io.captioner.archive.ArchiveQuery;
import io.captioner.archive.ArchiveQuery.Order;
import io.captioner.caption.CaptionFailure;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The query parameters of {@code GET /captions}, all optional. */
record ArchiveParameters(
        @Parameter(description = "Words; entries that have one of them are found, those that have more of them first.")
        @Nullable String query,

        @Parameter(description = "SHA-256 of a photo's file, in hexadecimal.") @Nullable String sha256,

        @Parameter(description = "Earliest time of the answer, such as 2026-01-31T00:00:00Z.") @Nullable Instant from,

        @Parameter(description = "Latest time of the answer, exclusive.") @Nullable Instant to,

        @Parameter(description = "Least confidence, 0 to 1.") @Nullable Double minConfidence,

        @Parameter(description = "Greatest confidence, 0 to 1.") @Nullable Double maxConfidence,

        @Parameter(
                description = "The order: by relevance, which without words is newest; newest, oldest, confidence (the"
                        + " surest first) or uncertainty (the least sure first).",
                schema =
                        @Schema(
                                type = "string",
                                allowableValues = {"relevance", "newest", "oldest", "confidence", "uncertainty"},
                                defaultValue = "relevance"))
        @Nullable Order sort,

        @Parameter(
                description = "Number of the page, from 0.",
                schema = @Schema(type = "integer", format = "int32", defaultValue = "0"))
        @Nullable Integer page,

        @Parameter(
                description = "Entries of a page, 1 to " + ArchiveQuery.MAX_SIZE + ".",
                schema = @Schema(type = "integer", format = "int32", defaultValue = "20"))
        @Nullable Integer size) {
    private static final List<String> NAMES = Arrays.stream(ArchiveParameters.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();
    private static final int DEFAULT_SIZE = 20;
    private static final int MAX_WORDS_LENGTH = 500;
    /** Without the hexadecimal digits and suffixes of Java. */
    private static final Pattern DECIMAL = Pattern.compile("[0-9.eE+-]{1,32}");

    private static final String CONFIDENCE = "must be a number from 0 to 1";
    private static final String TIME = "must be a time such as 2026-01-31T00:00:00Z";

    /**
     * Reads the parameters of a request.
     *
     * @throws CaptionFailure for one that does not exist or is out of its range
     */
    static ArchiveParameters read(HttpServletRequest request) {
        for (String name : request.getParameterMap().keySet()) {
            if (!NAMES.contains(name)) {
                throw CaptionFailure.invalidParameter(
                        name, "There is no parameter '%s': use %s.".formatted(name, String.join(", ", NAMES)));
            }
        }
        String words = request.getParameter("query");
        if (words != null && words.length() > MAX_WORDS_LENGTH) {
            throw wrong(
                    "query", "must have at most " + MAX_WORDS_LENGTH + " characters", words.length() + " characters");
        }
        Integer size = value(
                request,
                "size",
                "must be a whole number from 1 to " + ArchiveQuery.MAX_SIZE,
                text -> within(Integer.parseInt(text), 1, ArchiveQuery.MAX_SIZE));
        int last = ArchiveQuery.MAX_REACH / Objects.requireNonNullElse(size, DEFAULT_SIZE) - 1;
        return new ArchiveParameters(
                words == null || words.isBlank() ? null : words,
                value(request, "sha256", "must be 64 hexadecimal digits", ArchiveParameters::hash),
                value(request, "from", TIME, ArchiveParameters::time),
                value(request, "to", TIME, ArchiveParameters::time),
                value(request, "minConfidence", CONFIDENCE, ArchiveParameters::share),
                value(request, "maxConfidence", CONFIDENCE, ArchiveParameters::share),
                value(
                        request,
                        "sort",
                        "must be one of relevance, newest, oldest, confidence, uncertainty",
                        text -> Order.valueOf(text.toUpperCase(Locale.ROOT))),
                value(
                        request,
                        "page",
                        "must be a whole number from 0 to %d with this size; narrow the time to reach others"
                                .formatted(last),
                        text -> within(Integer.parseInt(text), 0, last)),
                size);
    }

    ArchiveQuery archiveQuery() {
        return new ArchiveQuery(
                query,
                sha256,
                from,
                to,
                minConfidence,
                maxConfidence,
                Objects.requireNonNullElse(sort, Order.RELEVANCE),
                Objects.requireNonNullElse(page, 0),
                Objects.requireNonNullElse(size, DEFAULT_SIZE));
    }

    private static <T> @Nullable T value(
            HttpServletRequest request, String name, String rule, Function<String, T> parse) {
        String text = request.getParameter(name);
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return parse.apply(text.strip());
        } catch (IllegalArgumentException | DateTimeParseException unreadable) {
            throw wrong(name, rule, "'" + text + "'");
        }
    }

    private static CaptionFailure wrong(String name, String rule, String value) {
        return CaptionFailure.invalidParameter(name, "%s %s, not %s.".formatted(name, rule, value));
    }

    private static int within(int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("out of range");
        }
        return value;
    }

    private static double share(String text) {
        double value = DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("out of range");
        }
        return value;
    }

    /** Years of five digits are beyond what the index can hold in milliseconds, some of them. */
    private static Instant time(String text) {
        Instant time = OffsetDateTime.parse(text.replace(' ', '+')).toInstant(); // a plus that was not escaped
        within(time.atOffset(ZoneOffset.UTC).getYear(), 0, 9999);
        return time;
    }

    private static String hash(String text) {
        if (!text.matches("[0-9A-Fa-f]{64}")) {
            throw new IllegalArgumentException("no SHA-256");
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
