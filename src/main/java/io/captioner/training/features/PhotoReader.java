package io.captioner.training.features;

import io.captioner.files.UnusableFileException;
import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.training.data.PictureFile;
import java.io.IOException;
import java.nio.file.Path;

/** The way from a photo's bytes to pixels: the same decoder that serves. */
@FunctionalInterface
public interface PhotoReader {
    /**
     * Decodes one photo; called by one thread that is not the caller's.
     *
     * @return pixels as the preparation makes them
     * @throws UnreadableImageException if the bytes are refused
     */
    Pixels read(byte[] bytes, ImagePreparation preparation);

    /**
     * Reads and decodes one photo.
     *
     * @throws UnusableFileException if it is too large or cannot be decoded; names it
     * @throws IOException if it cannot be read
     */
    default Pixels read(Path photo, ImagePreparation preparation) throws IOException {
        try {
            Pixels pixels = read(PictureFile.read(photo), preparation);
            ImageSize size = preparation.size();
            if (pixels.width() != size.width() || pixels.height() != size.height()) {
                throw new IllegalStateException("bug: %s decoded to %d x %d, not to %s"
                        .formatted(photo, pixels.width(), pixels.height(), size));
            }
            return pixels;
        } catch (UnreadableImageException e) {
            throw new UnusableFileException(
                    "%s cannot be decoded (%s): take it out of the annotations".formatted(photo, e.getMessage()), e);
        }
    }
}
