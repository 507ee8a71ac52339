package io.captioner.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How a bundle's JSON files are read and written: nothing unknown, nothing missing, no null but the named ones. */
final class BundleJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private BundleJson() {}

    static JsonNode readTree(Path file) {
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw BrokenBundleException.unreadable(file, e);
        } catch (JacksonException e) {
            throw new BrokenBundleException(file, "is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Sets a property to null that the object has not: older bundles lack it. */
    static void putNull(JsonNode node, String property) {
        if (node instanceof ObjectNode object && !object.has(property)) {
            object.putNull(property);
        }
    }

    /** Sets the {@link DecodeOptions} that the object has not: older bundles lack them. */
    static void putOptions(JsonNode node) {
        putNull(node, "words");
        if (node instanceof ObjectNode object && !object.has("consensus")) {
            object.put("consensus", false);
        }
    }

    static <T> T convert(Path file, JsonNode tree, Class<T> type, Set<String> nullable) {
        rejectNulls(file, tree, "", nullable);
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JacksonException e) {
            throw new BrokenBundleException(
                    file,
                    "is no %s: %s at %s".formatted(type.getSimpleName(), e.getOriginalMessage(), e.getPathReference()),
                    e);
        }
    }

    static void write(Path file, Object value) throws IOException {
        Files.write(file, MAPPER.writeValueAsBytes(value));
    }

    private static void rejectNulls(Path file, JsonNode node, String at, Set<String> nullable) {
        if (node.isNull() && !nullable.contains(at)) {
            throw new BrokenBundleException(file, "'%s' is null".formatted(at));
        }
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            rejectNulls(file, property.getValue(), at + "/" + property.getKey(), nullable);
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                rejectNulls(file, element, at + "/[]", nullable);
            }
        }
    }
}
