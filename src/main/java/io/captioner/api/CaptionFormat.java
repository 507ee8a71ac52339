package io.captioner.api;

import io.captioner.caption.AttentionDetail;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;

/** The media types of the answer of {@code POST /captions}, in the order in which they are preferred. */
enum CaptionFormat {
    JSON(MediaType.APPLICATION_JSON, null),
    TEXT(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8), AttentionDetail.NONE),
    HTML(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8), AttentionDetail.GRID),
    PNG(MediaType.IMAGE_PNG, AttentionDetail.GRID),
    CSV(new MediaType("text", "csv", StandardCharsets.UTF_8), AttentionDetail.NONE),
    EVENTS(MediaType.TEXT_EVENT_STREAM, null);

    static final String CSV_VALUE = "text/csv";

    /** What Java's HttpURLConnection sends for programs that ask for nothing. */
    private static final String OF_URL_CONNECTION = "text/html, image/gif, image/jpeg, *";

    private final MediaType type;
    private final @Nullable AttentionDetail attention;

    CaptionFormat(MediaType type, @Nullable AttentionDetail attention) {
        this.type = type;
        this.attention = attention;
    }

    MediaType type() {
        return type;
    }

    /** Returns how much of the attention this format needs; where the request decides, what it asks for. */
    AttentionDetail attention(@Nullable AttentionDetail asked) {
        if (attention != null) {
            return attention;
        }
        return asked != null ? asked : this == EVENTS ? AttentionDetail.GRID : AttentionDetail.SUMMARY;
    }

    /**
     * Returns the format that a client likes best, as {@link AcceptHeader#best} has it; JSON for a program that asks
     * for nothing.
     *
     * @param accept values of the header, well-formed as the mapping of the route requires; none accepts all
     * @throws HttpMediaTypeNotAcceptableException if none is accepted
     */
    static CaptionFormat of(List<String> accept) throws HttpMediaTypeNotAcceptableException {
        if (accept.size() == 1 && accept.get(0).startsWith(OF_URL_CONNECTION)) {
            return JSON;
        }
        MediaType best = AcceptHeader.best(
                accept, Arrays.stream(values()).map(CaptionFormat::type).toList());
        return Arrays.stream(values())
                .filter(format -> format.type.equals(best))
                .findFirst()
                .orElseThrow();
    }
}
