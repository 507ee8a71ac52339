package io.captioner.training.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON objects of one photo each, with the names of {@link FieldNames}. Its captions are a string, or a list of strings
 * or of objects that have {@code raw} or {@code tokens}; objects with a single string are rows, of which one image may
 * have several.
 */
final class PhotoObjects {
    /** Python writes lists with single quotes. */
    private static final JsonMapper PYTHON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .build();

    static final String NEEDED = "\"image\" and \"captions\" are both needed; read are " + FieldNames.READ;

    private PhotoObjects() {}

    /** Takes one object. */
    static void take(String where, JsonNode photo, CaptionRows rows, CaptionEntry.Sink sink) {
        List<String> names = List.copyOf(photo.propertyNames());
        Optional<JsonNode> image = FieldNames.image(names).map(photo::path);
        List<String> captions = FieldNames.captions(names);
        if (image.isEmpty() || !(image.get().isString() || image.get().isIntegralNumber()) || captions.isEmpty()) {
            sink.unreadable(where, NEEDED);
            return;
        }
        String split = FieldNames.split(names)
                .map(photo::path)
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .orElse(null);
        String file = image.get().asString();
        JsonNode written = photo.path(captions.get(0));
        if (captions.size() > 1) {
            captions.stream()
                    .map(photo::path)
                    .filter(JsonNode::isString)
                    .forEach(caption -> rows.add(where, file, split, caption.asString()));
        } else if (written.isArray()) {
            List<String> list = new ArrayList<>();
            written.forEach(sentence -> list.add(sentence(sentence)));
            sink.entry(new CaptionEntry(where, file, split, list));
        } else if (written.isString()) {
            rows.add(where, file, split, written.asString());
        } else {
            sink.unreadable(where, NEEDED);
        }
    }

    /** Karpathy's files that were made smaller keep the tokens only. */
    private static String sentence(JsonNode sentence) {
        if (sentence.isString()) {
            return sentence.asString();
        }
        for (String name : List.of("raw", "caption", "sentence", "text")) {
            if (sentence.path(name).isString()) {
                return sentence.path(name).asString();
            }
        }
        List<String> tokens = new ArrayList<>();
        sentence.path("tokens").forEach(token -> tokens.add(token.asString()));
        return String.join(" ", tokens);
    }

    /** Returns the captions of a table's cell: itself, or those of a list in brackets. */
    static List<String> captionsOf(String cell) {
        String text = cell.strip();
        if (text.startsWith("[") && text.endsWith("]")) {
            try {
                List<String> list = new ArrayList<>();
                PYTHON.readTree(text).forEach(caption -> list.add(sentence(caption)));
                return list.isEmpty() ? List.of(cell) : list;
            } catch (JacksonException brackets) {
                return List.of(cell);
            }
        }
        return List.of(cell);
    }

    /**
     * A JSON array of {@link PhotoObjects}, as BLIP publishes COCO, or such objects one after another over any lines.
     */
    static final class JsonReader implements CaptionFormat.Reader {
        @Override
        public void read(Path file, CaptionEntry.Sink sink) throws IOException {
            CaptionRows rows = new CaptionRows();
            JsonArrays.forEachObject(file, (number, photo) -> {
                PhotoObjects.take("%s, [%d]".formatted(file.getFileName(), number - 1), photo, rows, sink);
                return true;
            });
            rows.drainTo(sink);
        }
    }

    /** Karpathy's split files: {@code images}, each with {@code filename}, {@code split} and {@code sentences}. */
    static final class KarpathyReader implements CaptionFormat.Reader {
        @Override
        public void read(Path file, CaptionEntry.Sink sink) throws IOException {
            CaptionRows rows = new CaptionRows();
            JsonArrays.forEach(file, JsonArrays.NAME_FORMAT, Map.of("images", (number, image) -> {
                PhotoObjects.take("%s, images[%d]".formatted(file.getFileName(), number - 1), image, rows, sink);
                return true;
            }));
            rows.drainTo(sink);
        }
    }

    /** {@link PhotoObjects}, one a line: the format of this program's own data sets and of Hugging Face's metadata. */
    static final class JsonLinesReader implements CaptionFormat.Reader {
        private static final JsonMapper JSON = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();

        @Override
        public void read(Path file, CaptionEntry.Sink sink) throws IOException {
            CaptionRows rows = new CaptionRows();
            TextFiles.forEachLine(file, (number, json) -> take(TextFiles.where(file, number), json, rows, sink));
            rows.drainTo(sink);
        }

        private static void take(String where, String json, CaptionRows rows, CaptionEntry.Sink sink) {
            JsonNode photo;
            try {
                photo = JSON.readTree(json);
            } catch (JacksonException e) {
                sink.unreadable(where, "not a JSON object of a photo: " + e.getOriginalMessage());
                return;
            }
            PhotoObjects.take(where, photo, rows, sink);
        }
    }
}
