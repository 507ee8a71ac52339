package io.captioner.web;

import io.captioner.caption.CaptionResponse;
import jakarta.servlet.ServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What becomes known of a request on its way, for the {@link AccessLogFilter}. Belongs to the request's thread. */
public final class AccessLogFields {
    private static final String ATTRIBUTE = AccessLogFields.class.getName();

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private AccessLogFields() {}

    /** Returns the facts of a request, the same ones each time. */
    public static AccessLogFields of(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof AccessLogFields facts) {
            return facts;
        }
        AccessLogFields facts = new AccessLogFields();
        request.setAttribute(ATTRIBUTE, facts);
        return facts;
    }

    /** A request came from whoever has this name; null for nobody that is named here. */
    public void caller(@Nullable String caller) {
        if (caller != null) {
            fields.put("caller", caller);
        }
    }

    /** A request came with so many images. */
    public void images(int images) {
        fields.put("images", images);
    }

    /** Adds what an answer tells of its model, its search and its times; times are in milliseconds. */
    public void answered(CaptionResponse answer) {
        fields.put("model", answer.model().name() + "/" + answer.model().version());
        fields.put("beamWidth", answer.options().beamWidth());
        fields.put(
                "repeats",
                answer.results().stream()
                        .filter(CaptionResponse.CaptionedImage::repeat)
                        .count());
        fields.put("decodeMillis", tenths(answer.timing().decode()));
        fields.put("queueMillis", tenths(answer.timing().queue()));
        fields.put("inferenceMillis", tenths(answer.timing().inference()));
    }

    /** A request failed with a problem of this kind. */
    public void failed(String problem) {
        fields.put("problem", problem);
    }

    /** Returns all that is known, by name. */
    Map<String, Object> fields() {
        return fields;
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
