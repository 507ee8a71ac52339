package io.captioner.image;

/** How the values of a resized picture follow from those of the photo. */
public enum Interpolation {
    /** The program's own: Lanczos along an axis that shrinks, bilinear along one that grows. */
    AUTOMATIC,
    /** Pillow's {@code BILINEAR}: a triangle as much wider as the axis shrinks, in its fixed-point arithmetic. */
    PILLOW_BILINEAR,
    /** Pillow's {@code LANCZOS}, likewise. */
    PILLOW_LANCZOS,
    /**
     * TensorFlow 1's {@code resize_bilinear}: corners at 0, 0 and no wider window when an axis shrinks. Its values are
     * no whole numbers.
     */
    TENSORFLOW1_BILINEAR;

    /** Returns whether values between whole numbers are kept. */
    public boolean isFractional() {
        return this == TENSORFLOW1_BILINEAR;
    }

    /** Returns a resize of {@code fromWidth × fromHeight} to {@code width × height} pixels. */
    RowResampler resampler(int fromWidth, int fromHeight, int width, int height) {
        return switch (this) {
            case AUTOMATIC -> new Resampler(fromWidth, fromHeight, width, height);
            case PILLOW_BILINEAR ->
                new PillowResampler(PillowResampler.Filter.BILINEAR, fromWidth, fromHeight, width, height);
            case PILLOW_LANCZOS ->
                new PillowResampler(PillowResampler.Filter.LANCZOS, fromWidth, fromHeight, width, height);
            case TENSORFLOW1_BILINEAR -> new CornerBilinear(fromWidth, fromHeight, width, height);
        };
    }
}
