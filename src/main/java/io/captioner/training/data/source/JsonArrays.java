package io.captioner.training.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Large JSON files of the form {@code {"name": [element, ...], ...}}, of which one element at a time is in memory. */
final class JsonArrays {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // an element is followed by the next
            .build();

    private JsonArrays() {}

    /** Takes the elements of one array. */
    @FunctionalInterface
    interface ElementTaker {
        /**
         * Takes one element.
         *
         * @param number counted from 1
         * @return whether more elements, of this and other arrays, are wanted
         */
        boolean take(int number, JsonNode element);
    }

    /**
     * Goes through the file once, in the file's order; what is not named is skipped.
     *
     * @throws tools.jackson.core.JacksonException if the file is damaged
     */
    static void forEach(Path file, Map<String, ElementTaker> takers) throws IOException {
        try (InputStream bytes = Files.newInputStream(file);
                JsonParser parser = JSON.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("%s holds no JSON object; is it in another format?".formatted(file));
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                ElementTaker taker = takers.get(parser.currentName());
                if (parser.nextToken() != JsonToken.START_ARRAY || taker == null) {
                    parser.skipChildren();
                } else if (!forEachElement(parser, taker)) {
                    return;
                }
            }
        }
    }

    private static boolean forEachElement(JsonParser parser, ElementTaker taker) {
        for (int number = 1; parser.nextToken() != JsonToken.END_ARRAY; number++) {
            if (!taker.take(number, JSON.readTree(parser))) {
                return false;
            }
        }
        return true;
    }
}
