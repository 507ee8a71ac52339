package io.captioner.training.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** The format this program's own data sets have; properties it does not know are passed over. */
final class JsonLinesReader implements CaptionsReader {
    private static final ObjectReader LINES = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(Line.class);

    private record Line(
            @Nullable String image,
            @Nullable String split,
            @Nullable List<@Nullable String> captions) {}

    @Override
    public void read(Path file, EntrySink sink) throws IOException {
        TextFiles.forEachLine(file, (number, json) -> take(TextFiles.where(file, number), json, sink));
    }

    private static void take(String where, String json, EntrySink sink) {
        Line line;
        try {
            line = LINES.readValue(json);
        } catch (JacksonException e) {
            sink.unreadable(where, "not a JSON object of a photo: " + e.getOriginalMessage());
            return;
        }
        if (line == null || line.image() == null || line.captions() == null) {
            sink.unreadable(where, "\"image\" and \"captions\" are both needed");
            return;
        }
        List<String> captions = line.captions().stream()
                .map(caption -> Objects.requireNonNullElse(caption, ""))
                .toList();
        sink.entry(new CaptionEntry(where, line.image(), line.split(), captions));
    }
}
