package io.captioner.web;

import io.captioner.caption.ImageUpload;
import org.jspecify.annotations.Nullable;

/** An image without a name whose bytes are in memory; they are handed on once. */
@SuppressWarnings("ArrayRecordComponent")
public record InMemoryImage(byte[] bytes) implements ImageUpload {
    @Override
    public @Nullable String filename() {
        return null;
    }

    @Override
    public long size() {
        return bytes.length;
    }
}
