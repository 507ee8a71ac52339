package io.captioner.compat;

import io.captioner.caption.CaptionFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The form of the text that a client asks for: plain, or JSON that fits its schema. */
public final class AnswerFormat {
    /** The text as it is. */
    public static final AnswerFormat PLAIN = new AnswerFormat(null);

    private static final JsonMapper JSON = JsonMapper.shared();

    private final @Nullable JsonNode schema;

    private AnswerFormat(@Nullable JsonNode schema) {
        this.schema = schema;
    }

    /** Returns the form of an object of JSON with one member, {@code caption}. */
    public static AnswerFormat json() {
        return new AnswerFormat(JSON.readTree("{\"properties\": {\"caption\": {\"type\": \"string\"}}}"));
    }

    /**
     * Returns the form of an object of JSON whose texts are the caption.
     *
     * @param schema a JSON schema of an object
     * @throws CaptionFailure if no object with a caption fits it
     */
    public static AnswerFormat of(JsonNode schema) {
        AnswerFormat format = new AnswerFormat(schema);
        String unused = format.write("");
        return format;
    }

    /** Returns the answer with a caption as its text. */
    public String write(String caption) {
        if (schema == null) {
            return caption;
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asString("")));
        boolean says = false;
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode wanted = property.getValue();
            if (wanted.has("const")) {
                object.put(property.getKey(), wanted.get("const"));
            } else if (hasType(wanted, "string") && !wanted.has("enum")) {
                object.put(property.getKey(), caption);
                says = true;
            } else if (hasType(wanted, "null")) {
                object.put(property.getKey(), null);
            } else if (required.contains(property.getKey())) {
                throw refused("its property '%s' is required and no plain string".formatted(property.getKey()));
            }
        }
        if (!says) {
            throw refused("it has no property that is a plain string");
        }
        return JSON.writeValueAsString(object);
    }

    private static boolean hasType(JsonNode property, String type) {
        JsonNode types = property.path("type");
        return types.asString("").equals(type)
                || types.valueStream().anyMatch(one -> one.asString("").equals(type))
                || property.path("anyOf").valueStream().anyMatch(one -> hasType(one, type));
    }

    private static CaptionFailure refused(String why) {
        return CaptionFailure.invalidParameter(
                "format",
                "No caption fits this JSON schema, for %s: give it properties of type string for the caption."
                        .formatted(why));
    }
}
