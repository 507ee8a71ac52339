package io.captioner.training.features;

import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import io.captioner.image.UnreadableImageException;

/** The way from a photo's bytes to pixels: the same decoder that serves. */
@FunctionalInterface
public interface PhotoReader {
    /**
     * Decodes one photo; called by one thread that is not the caller's.
     *
     * @return pixels of exactly that size
     * @throws UnreadableImageException if the bytes are refused
     */
    Pixels read(byte[] bytes, ImageSize size);
}
