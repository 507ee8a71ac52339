package io.captioner.bulk;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A photo as it lies on the disk.
 *
 * @param file where it is
 * @param key what tells it from others
 */
record PhotoFile(Path file, Key key) {
    /**
     * What tells a photo from others and from what it was before it was replaced.
     *
     * @param path relative to the folder of the photos, with {@code /} between names
     * @param length in bytes
     * @param modified time of the last change, to the millisecond
     */
    record Key(String path, long length, Instant modified) {}
}
