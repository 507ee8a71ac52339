package io.captioner.caption;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One image as it was sent. Its bytes may lie on disk until they are asked for, so that a queue of requests does not
 * hold them all in memory.
 */
public interface ImageUpload {
    /** Returns the name that the sender gave it, null for none. */
    @Nullable String filename();

    /** Returns how many bytes it has. */
    long size();

    /**
     * Reads all bytes; the caller owns the array.
     *
     * @throws IOException if they cannot be read back
     */
    byte[] bytes() throws IOException;
}
