package io.captioner.image;

/**
 * Upright RGB pixels of one image.
 *
 * @param width columns
 * @param height rows
 * @param rgb uint8 values, row-major height × width × channel (HWC), {@code height * width * 3} bytes; or three times
 *     as many where the values are no whole numbers, as {@link ImagePreparation#channels} says. Owned by the receiver
 *     and never changed after construction
 */
@SuppressWarnings("ArrayRecordComponent") // a tensor's buffer: copying 150 KB an image buys nothing
public record Pixels(int width, int height, byte[] rgb) {
    private static final int RGB = 3;

    /** @throws IllegalArgumentException if the buffer does not hold exactly width × height × 3 or 9 bytes */
    public Pixels {
        int least = width < 1 || height < 1 ? -1 : Math.multiplyExact(Math.multiplyExact(width, height), RGB);
        if (rgb.length != least && rgb.length != (long) CornerBilinear.BYTES * least) {
            throw new IllegalArgumentException(
                    "bug: %d bytes cannot be %d x %d RGB pixels".formatted(rgb.length, width, height));
        }
    }

    /** Returns black pixels as a preparation makes them. */
    public static Pixels black(ImagePreparation preparation) {
        ImageSize size = preparation.size();
        return new Pixels(size.width(), size.height(), new byte[size.width() * size.height() * preparation.channels()]);
    }

    /** Returns the bytes of a pixel, 3 or 9. */
    public int channels() {
        return rgb.length / (width * height);
    }

    /** Returns the whole parts of a pixel's values as {@code 0xRRGGBB}. */
    int colour(int pixel) {
        int at = pixel * channels();
        return (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | (rgb[at + 2] & 0xFF);
    }

    /** Returns the same pixels with that many bytes each, 3 or 9; the parts that are new are 0. */
    public Pixels withChannels(int channels) {
        if (channels == channels()) {
            return this;
        }
        byte[] other = new byte[width * height * channels];
        for (int pixel = 0; pixel < width * height; pixel++) {
            System.arraycopy(rgb, pixel * channels(), other, pixel * channels, RGB);
        }
        return new Pixels(width, height, other);
    }
}
