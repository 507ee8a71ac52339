package io.captioner.image.format;

import org.jspecify.annotations.Nullable;

/** How stored rows and columns lie to the upright picture: the EXIF/TIFF tag 274, in the order of its values 1 to 8. */
public enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    UPSIDE_DOWN(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    TURN_RIGHT(true, false, true),
    TRANSVERSED(true, true, true),
    TURN_LEFT(true, true, false);

    /** Whether stored rows are upright columns, so that width and height change places. */
    public final boolean swapsSides;

    private final boolean fromRight;
    private final boolean fromBottom;

    Orientation(boolean swapsSides, boolean fromRight, boolean fromBottom) {
        this.swapsSides = swapsSides;
        this.fromRight = fromRight;
        this.fromBottom = fromBottom;
    }

    /** Returns the orientation of a tag value, null for values outside 1 to 8, which mean nothing. */
    public static @Nullable Orientation ofTag(long value) {
        return value >= 1 && value <= 8 ? values()[(int) value - 1] : null;
    }

    /** Returns the orientation of a picture that is turned by this one and then by another. */
    public Orientation then(Orientation next) {
        boolean swaps = swapsSides != next.swapsSides;
        boolean right = fromRight ^ (swapsSides ? next.fromBottom : next.fromRight);
        boolean bottom = fromBottom ^ (swapsSides ? next.fromRight : next.fromBottom);
        for (Orientation orientation : values()) {
            if (orientation.swapsSides == swaps && orientation.fromRight == right && orientation.fromBottom == bottom) {
                return orientation;
            }
        }
        throw new AssertionError("bug: eight orientations are a group");
    }

    /**
     * Returns the upright pixels.
     *
     * @param stored the same number of bytes for each pixel, row-major, in stored order; returned itself where nothing
     *     turns
     * @param width columns of the upright picture
     * @param height rows of the upright picture
     */
    public byte[] turn(byte[] stored, int width, int height) {
        if (this == UPRIGHT) {
            return stored;
        }
        int storedWidth = swapsSides ? height : width;
        int storedHeight = swapsSides ? width : height;
        byte[] upright = new byte[stored.length];
        int channels = stored.length / (width * height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int column = swapsSides ? y : x;
                int row = swapsSides ? x : y;
                column = fromRight ? storedWidth - 1 - column : column;
                row = fromBottom ? storedHeight - 1 - row : row;
                System.arraycopy(
                        stored, channels * (row * storedWidth + column), upright, channels * (y * width + x), channels);
            }
        }
        return upright;
    }
}
