package io.captioner.image;

/**
 * Upright RGB pixels of one image.
 *
 * @param width columns
 * @param height rows
 * @param rgb uint8 values, row-major height × width × channel (HWC), {@code height * width * 3} bytes; owned by the
 *     receiver and never changed after construction
 */
@SuppressWarnings("ArrayRecordComponent") // a tensor's buffer: copying 150 KB an image buys nothing
public record Pixels(int width, int height, byte[] rgb) {
    /** @throws IllegalArgumentException if the buffer does not hold exactly width × height × 3 bytes */
    public Pixels {
        if (width < 1 || height < 1 || rgb.length != Math.multiplyExact(Math.multiplyExact(width, height), 3)) {
            throw new IllegalArgumentException(
                    "bug: %d bytes cannot be %d x %d RGB pixels".formatted(rgb.length, width, height));
        }
    }
}
