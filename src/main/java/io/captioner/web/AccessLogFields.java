package io.captioner.web;

import io.captioner.caption.CaptionListener;
import io.captioner.caption.CaptionResponse;
import io.captioner.caption.ScoreResponse;
import jakarta.servlet.ServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one request's line in the access log, collected while it is handled, for the
 * {@link AccessLogConfiguration.AccessLogFilter}. For the request's thread.
 */
public final class AccessLogFields {
    private static final String ATTRIBUTE = AccessLogFields.class.getName();

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private AccessLogFields() {}

    /** Returns the fields of a request, the same ones each time. */
    public static AccessLogFields of(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof AccessLogFields fields) {
            return fields;
        }
        AccessLogFields fields = new AccessLogFields();
        request.setAttribute(ATTRIBUTE, fields);
        return fields;
    }

    /** Sets the name of the request's client; null for none. */
    public void caller(@Nullable String caller) {
        if (caller != null) {
            fields.put("caller", caller);
        }
    }

    /** Sets the name of the protocol of another program that the request came by. */
    public void protocol(String protocol) {
        fields.put("protocol", protocol);
    }

    /** Sets the number of images. */
    public void images(int images) {
        fields.put("images", images);
    }

    /** Adds the model, the search and the times of an answer; times are in milliseconds. */
    public void answered(CaptionResponse answer) {
        model(answer.model());
        fields.put("beamWidth", answer.options().beamWidth());
        fields.put(
                "repeats",
                answer.results().stream()
                        .filter(image -> image.source() != CaptionListener.Source.DEVICE)
                        .count());
        timing(answer.timing());
    }

    /** Adds the model, the number of texts and the times of an answer; times are in milliseconds. */
    public void scored(ScoreResponse answer) {
        model(answer.model());
        fields.put("texts", answer.scores().size());
        fields.put("repeats", answer.source() == CaptionListener.Source.DEVICE ? 0 : 1);
        timing(answer.timing());
    }

    private void model(CaptionResponse.Model model) {
        fields.put("model", model.name() + "/" + model.version());
    }

    private void timing(CaptionResponse.Timing timing) {
        fields.put("decodeMillis", tenths(timing.decode()));
        fields.put("queueMillis", tenths(timing.queue()));
        fields.put("inferenceMillis", tenths(timing.inference()));
    }

    /** Sets the slug of the problem that is answered. */
    public void failed(String problem) {
        fields.put("problem", problem);
    }

    /** Returns all fields by name, in order. */
    Map<String, Object> fields() {
        return fields;
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
