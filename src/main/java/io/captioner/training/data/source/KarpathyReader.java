package io.captioner.training.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Karpathy's split files: {@code images}, each with {@code filename}, {@code split} and {@code sentences}. */
final class KarpathyReader implements CaptionsReader {
    @Override
    public void read(Path file, EntrySink sink) throws IOException {
        CaptionRows rows = new CaptionRows();
        JsonArrays.forEach(file, Map.of("images", (number, image) -> {
            PhotoObjects.take("%s, images[%d]".formatted(file.getFileName(), number - 1), image, rows, sink);
            return true;
        }));
        rows.drainTo(sink);
    }
}
