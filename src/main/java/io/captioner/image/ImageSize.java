package io.captioner.image;

/**
 * The size a photo is resized to: the whole photo is stretched to it, nothing is cropped.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record ImageSize(int width, int height) {
    /** @throws IllegalArgumentException if a side is below 1 */
    public ImageSize {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("an image has at least one pixel, not %d x %d".formatted(width, height));
        }
    }
}
