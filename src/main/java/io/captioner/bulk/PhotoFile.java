package io.captioner.bulk;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A photo on disk.
 *
 * @param file where it is
 * @param key identifies it
 */
record PhotoFile(Path file, Key key) {
    /**
     * Identifies a photo, and one content of it: a photo that is replaced has another key.
     *
     * @param path relative to the folder of the photos, with {@code /} between names
     * @param length in bytes
     * @param modified time of the last change, to the millisecond
     */
    record Key(String path, long length, Instant modified) {}
}
