package io.captioner.training.data;

import io.captioner.files.UnusableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a picture in a folder or an archive, at most {@value #MAX_MEGABYTES} MB. */
public final class PictureFile {
    static final int MAX_MEGABYTES = 100;

    private static final int MAX_BYTES = MAX_MEGABYTES << 20;

    private PictureFile() {}

    /**
     * Reads a picture. Reading ends at the limit: an archive may unpack to more than it says.
     *
     * @throws UnusableFileException if it has more bytes; names it
     * @throws IOException if it cannot be read
     */
    public static byte[] read(Path picture) throws IOException {
        try (InputStream stream = Files.newInputStream(picture)) {
            byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new UnusableFileException("%s has more than %d MB; save the picture smaller, or leave it out"
                        .formatted(picture, MAX_MEGABYTES));
            }
            return bytes;
        }
    }
}
