package io.captioner.training.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Karpathy's split files: {@code images}, each with {@code filename}, {@code split} and {@code sentences}. */
final class KarpathyReader implements CaptionsReader {
    @Override
    public void read(Path file, EntrySink sink) throws IOException {
        JsonArrays.forEach(file, Map.of("images", (number, image) -> {
            take("%s, images[%d]".formatted(file.getFileName(), number - 1), image, sink);
            return true;
        }));
    }

    private static void take(String where, JsonNode image, EntrySink sink) {
        JsonNode name = image.path("filename");
        JsonNode sentences = image.path("sentences");
        if (!name.isString() || !sentences.isArray()) {
            sink.unreadable(where, "an image needs a \"filename\" and \"sentences\"");
            return;
        }
        List<String> captions = new ArrayList<>();
        sentences.forEach(sentence -> captions.add(caption(sentence)));
        JsonNode split = image.path("split");
        sink.entry(new CaptionEntry(where, name.asString(), split.isString() ? split.asString() : null, captions));
    }

    /** Files that were made smaller keep the tokens only. */
    private static String caption(JsonNode sentence) {
        if (sentence.path("raw").isString()) {
            return sentence.path("raw").asString();
        }
        List<String> tokens = new ArrayList<>();
        sentence.path("tokens").forEach(token -> tokens.add(token.asString()));
        return String.join(" ", tokens);
    }
}
