package io.captioner.training.data.source;

import java.io.IOException;
import java.nio.file.Path;

/** A JSON array of {@link PhotoObjects}, as BLIP publishes COCO, or such objects one after another over any lines. */
final class JsonReader implements CaptionsReader {
    @Override
    public void read(Path file, EntrySink sink) throws IOException {
        CaptionRows rows = new CaptionRows();
        JsonArrays.forEachObject(file, (number, photo) -> {
            PhotoObjects.take("%s, [%d]".formatted(file.getFileName(), number - 1), photo, rows, sink);
            return true;
        });
        rows.drainTo(sink);
    }
}
