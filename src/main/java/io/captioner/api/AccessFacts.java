package io.captioner.api;

import jakarta.servlet.ServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What becomes known of a request on its way, for the {@link AccessLog}. Belongs to the request's thread. */
final class AccessFacts {
    private static final String ATTRIBUTE = AccessFacts.class.getName();

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private AccessFacts() {}

    /** Returns the facts of a request, the same ones each time. */
    static AccessFacts of(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof AccessFacts facts) {
            return facts;
        }
        AccessFacts facts = new AccessFacts();
        request.setAttribute(ATTRIBUTE, facts);
        return facts;
    }

    /** A request came from whoever has this name; null for nobody that is named here. */
    void caller(@Nullable String caller) {
        if (caller != null) {
            fields.put("caller", caller);
        }
    }

    /** A request came with so many images. */
    void images(int images) {
        fields.put("images", images);
    }

    /** A request is answered so. */
    void answered(CaptionAnswer answer) {
        fields.put("model", answer.model().name() + "/" + answer.model().version());
        fields.put("beamWidth", answer.options().beamWidth());
        fields.put(
                "repeats",
                answer.results().stream().filter(CaptionAnswer.Result::repeat).count());
        fields.put("decodeMillis", answer.timing().decodeMillis());
        fields.put("queueMillis", answer.timing().queueMillis());
        fields.put("inferenceMillis", answer.timing().inferenceMillis());
    }

    /** A request failed with a problem of this kind. */
    void failed(String problem) {
        fields.put("problem", problem);
    }

    /** Returns all that is known, by name. */
    Map<String, Object> fields() {
        return fields;
    }
}
