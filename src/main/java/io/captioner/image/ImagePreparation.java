package io.captioner.image;

/**
 * The way from an upright photo to the pixels that a network takes: the whole photo is stretched to one size, of which
 * the middle is cut out.
 *
 * @param size of the pixels that go into the network
 * @param resized the size that the photo is stretched to, on each side at least that of {@code size}
 * @param interpolation how it is stretched
 */
public record ImagePreparation(ImageSize size, ImageSize resized, Interpolation interpolation) {
    private static final int RGB = 3;

    /** @throws IllegalArgumentException if the middle is larger than the whole */
    public ImagePreparation {
        if (size.width() > resized.width() || size.height() > resized.height()) {
            throw new IllegalArgumentException("%d x %d pixels cannot be cut out of %d x %d"
                    .formatted(size.width(), size.height(), resized.width(), resized.height()));
        }
    }

    /** Returns the program's own way: the photo is stretched, nothing is cut off. */
    public static ImagePreparation stretch(ImageSize size) {
        return new ImagePreparation(size, size, Interpolation.AUTOMATIC);
    }

    /**
     * Returns the bytes of a pixel: RGB, and with a {@linkplain Interpolation#isFractional fractional} interpolation
     * the 256th parts behind them and the 256th parts of those: what single precision holds.
     */
    public int channels() {
        return interpolation.isFractional() ? CornerBilinear.BYTES * RGB : RGB;
    }

    /** Returns the same way to another size, of which nothing is cut off. */
    public ImagePreparation stretchedTo(ImageSize other) {
        return new ImagePreparation(other, other, interpolation);
    }

    /** Returns whether it is the program's own way. */
    public boolean isOwn() {
        return equals(stretch(size));
    }

    /** Returns the middle of pixels of the size that photos are stretched to. */
    Pixels middle(byte[] stretched) {
        if (size.equals(resized)) {
            return new Pixels(size.width(), size.height(), stretched);
        }
        int left = (resized.width() - size.width()) / 2;
        int top = (resized.height() - size.height()) / 2;
        int row = size.width() * channels();
        byte[] middle = new byte[row * size.height()];
        for (int y = 0; y < size.height(); y++) {
            System.arraycopy(stretched, ((top + y) * resized.width() + left) * channels(), middle, y * row, row);
        }
        return new Pixels(size.width(), size.height(), middle);
    }
}
