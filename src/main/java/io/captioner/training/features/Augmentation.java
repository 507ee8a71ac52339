package io.captioner.training.features;

import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import java.util.random.RandomGenerator;

/**
 * Chance variations of a training photo: a crop at a random place, brightness and contrast, and its mirror image.
 *
 * @param crop share of each side that is cut off, 0 to 0.9; where is left to chance
 * @param brightness most that is added to or taken from values, as a share of white
 * @param contrast most by which differences from grey grow or shrink, as a share
 */
public record Augmentation(float crop, float brightness, float contrast) {
    /** Photos as they are. */
    public static final Augmentation NONE = new Augmentation(0, 0, 0);

    private static final int GREY = 128;
    private static final int WHITE = 255;

    /**
     * One way to look at a photo.
     *
     * @param left first column, of those there are to choose from, 0 to 1
     * @param top first row likewise
     * @param brightness added to each value
     * @param contrast factor of differences from grey
     */
    record Look(float left, float top, boolean mirrored, float brightness, float contrast) {
        static final Look AS_IT_IS = new Look(0, 0, false, 0, 1);
        static final Look MIRRORED = new Look(0, 0, true, 0, 1);
    }

    /** Returns how large a photo is read of which a part of that size is used. */
    public ImageSize readSize(ImageSize size) {
        return new ImageSize(Math.round(size.width() / (1 - crop)), Math.round(size.height() / (1 - crop)));
    }

    /**
     * Writes one variation of a photo.
     *
     * @param photo of the {@link #readSize}
     * @param size of the variation
     * @param chance decides all but the mirroring
     * @param target RGB, where {@code height * width * 3} bytes are written from the offset on
     */
    public void write(
            Pixels photo, ImageSize size, boolean mirrored, RandomGenerator chance, byte[] target, int offset) {
        Look look = new Look(
                chance.nextFloat(),
                chance.nextFloat(),
                mirrored,
                WHITE * brightness * (2 * chance.nextFloat() - 1),
                1 + contrast * (2 * chance.nextFloat() - 1));
        copy(photo, size, look, target, offset);
    }

    /** Writes a part of a photo as it is looked at. */
    static void copy(Pixels photo, ImageSize size, Look look, byte[] target, int offset) {
        byte[] tones = tones(look);
        int left = Math.round(look.left() * (photo.width() - size.width()));
        int top = Math.round(look.top() * (photo.height() - size.height()));
        byte[] rgb = photo.rgb();
        int end = offset;
        for (int row = 0; row < size.height(); row++) {
            for (int column = 0; column < size.width(); column++) {
                int from = left + (look.mirrored() ? size.width() - 1 - column : column);
                int source = ((top + row) * photo.width() + from) * 3;
                target[end] = tones[Byte.toUnsignedInt(rgb[source])];
                target[end + 1] = tones[Byte.toUnsignedInt(rgb[source + 1])];
                target[end + 2] = tones[Byte.toUnsignedInt(rgb[source + 2])];
                end += 3;
            }
        }
    }

    private static byte[] tones(Look look) {
        byte[] tones = new byte[WHITE + 1];
        for (int value = 0; value <= WHITE; value++) {
            float tone = (value - GREY) * look.contrast() + GREY + look.brightness();
            tones[value] = (byte) Math.max(0, Math.min(WHITE, Math.round(tone)));
        }
        return tones;
    }
}
