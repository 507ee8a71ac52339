package io.captioner.training.data.source;

import io.captioner.files.UnusableFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Large JSON files, of which one element at a time is in memory: arrays, and objects {@code {"name": [element, ...],
 * ...}}. All methods throw {@link tools.jackson.core.JacksonException} if the file is damaged.
 */
final class JsonArrays {
    /** What to do about a file of captions that holds something else. */
    static final String NAME_FORMAT = "name its format with data.format, or leave that at auto";

    private static final int NAMES = 12;

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
     * @param remedy what to do about a file that does not hold an object, for the error
     */
    static void forEach(Path file, String remedy, Map<String, ElementTaker> takers) throws IOException {
        try (BufferedReader text = TextFiles.open(file);
                JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnusableFileException("%s holds no JSON object; %s".formatted(file, remedy));
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

    /** Goes through the elements of an array, or the values that stand one after another. */
    static void forEachObject(Path file, ElementTaker taker) throws IOException {
        try (BufferedReader text = TextFiles.open(file);
                JsonParser parser = JSON.createParser(text)) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY) {
                forEachElement(parser, taker);
                return;
            }
            for (int number = 1; token != null; number++, token = parser.nextToken()) {
                if (!taker.take(number, JSON.readTree(parser))) {
                    return;
                }
            }
        }
    }

    /** Returns the first names of the object with which the file, or the array in it, begins; none if it does not. */
    static Set<String> names(Path file) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        try (BufferedReader text = TextFiles.open(file);
                JsonParser parser = JSON.createParser(text)) {
            JsonToken token = parser.nextToken();
            token = token == JsonToken.START_ARRAY ? parser.nextToken() : token;
            if (token == JsonToken.START_OBJECT) {
                while (names.size() < NAMES && parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    names.add(parser.currentName());
                    parser.nextToken();
                    parser.skipChildren();
                }
            }
        }
        return names;
    }
}
