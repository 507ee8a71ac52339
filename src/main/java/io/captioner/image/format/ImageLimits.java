package io.captioner.image.format;

import org.springframework.modulith.NamedInterface;

/**
 * The largest picture that is decoded, judged by its header before any pixel is.
 *
 * @param maxPixels width × height at most, at least 1; one decode holds up to about 5 bytes a pixel, in heap
 * @param maxSide the longer side at most, in pixels, at least 1
 */
@NamedInterface("format")
public record ImageLimits(long maxPixels, int maxSide) {
    /** @throws IllegalArgumentException if a limit is below 1 */
    public ImageLimits {
        if (maxPixels < 1 || maxSide < 1) {
            throw new IllegalArgumentException(
                    "image limits are at least 1, not %d pixels and %d a side".formatted(maxPixels, maxSide));
        }
    }

    /** Returns 50 megapixels and 20,000 pixels a side: every camera's photos, no decompression bomb. */
    public static ImageLimits defaults() {
        return new ImageLimits(50_000_000, 20_000);
    }

    /** @throws UnreadableImageException with {@code TOO_LARGE} if a picture of this size is refused */
    public void check(int width, int height) {
        if (width > maxSide || height > maxSide || (long) width * height > maxPixels) {
            throw new UnreadableImageException(
                    UnreadableImageException.Reason.TOO_LARGE,
                    ("The picture says it is %d x %d pixels; at most %d pixels in all and %d on a side are accepted. "
                                    + "Send a smaller version.")
                            .formatted(width, height, maxPixels, maxSide));
        }
    }
}
