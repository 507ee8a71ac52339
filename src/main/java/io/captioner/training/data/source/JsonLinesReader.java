package io.captioner.training.data.source;

import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@link PhotoObjects}, one a line: the format of this program's own data sets and of Hugging Face's metadata. */
final class JsonLinesReader implements CaptionsReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @Override
    public void read(Path file, EntrySink sink) throws IOException {
        CaptionRows rows = new CaptionRows();
        TextFiles.forEachLine(file, (number, json) -> take(TextFiles.where(file, number), json, rows, sink));
        rows.drainTo(sink);
    }

    private static void take(String where, String json, CaptionRows rows, EntrySink sink) {
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
