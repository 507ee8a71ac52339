package io.captioner.training.data.source;

import java.io.IOException;
import java.nio.file.Path;

/** Reads the captions files of one format. Stateless. */
interface CaptionsReader {
    /**
     * Reads a file from its beginning to its end.
     *
     * @throws IOException if it cannot be read to its end in this format at all
     */
    void read(Path file, EntrySink sink) throws IOException;
}
