package io.captioner.training.features;

import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import java.util.random.RandomGenerator;

/**
 * Random variations of a training photo: a crop at a random place, brightness and contrast, and its mirror image.
 *
 * @param crop share of each side that is cut off, 0 to 0.9; at a random place
 * @param brightness most that is added to or taken from values, as a share of white
 * @param contrast most by which differences from grey grow or shrink, as a share
 */
public record Augmentation(float crop, float brightness, float contrast) {
    /** Photos as they are. */
    public static final Augmentation NONE = new Augmentation(0, 0, 0);

    private static final int GREY = 128;
    private static final int WHITE = 255;

    /**
     * One variation of a photo.
     *
     * @param left place of the first column among the possible ones, 0 to 1
     * @param top first row likewise
     * @param brightness added to each value
     * @param contrast factor of differences from grey
     */
    record Variation(float left, float top, boolean mirrored, float brightness, float contrast) {
        static final Variation IDENTITY = new Variation(0, 0, false, 0, 1);
        static final Variation MIRRORED = new Variation(0, 0, true, 0, 1);
    }

    /** Returns how large a photo is read of which a part of that size is used. */
    ImageSize readSize(ImageSize size) {
        return new ImageSize(Math.round(size.width() / (1 - crop)), Math.round(size.height() / (1 - crop)));
    }

    /**
     * Returns how a photo is read of which a part is used: with a crop the whole photo, which is then cut at random;
     * without one as it is prepared for captions.
     */
    ImagePreparation whole(ImagePreparation preparation) {
        return crop == 0 ? preparation : preparation.stretchedTo(readSize(preparation.size()));
    }

    /**
     * Writes one variation of a photo.
     *
     * @param photo as {@link #whole} has it
     * @param size of the variation
     * @param random decides all but the mirroring
     * @param target where as many bytes of each pixel are written as the photo has, from the offset on
     */
    public void write(
            Pixels photo, ImageSize size, boolean mirrored, RandomGenerator random, byte[] target, int offset) {
        Variation variation = new Variation(
                random.nextFloat(),
                random.nextFloat(),
                mirrored,
                WHITE * brightness * (2 * random.nextFloat() - 1),
                1 + contrast * (2 * random.nextFloat() - 1));
        copy(photo, size, variation, target, offset);
    }

    /** Writes a part of a photo as a variation. */
    static void copy(Pixels photo, ImageSize size, Variation variation, byte[] target, int offset) {
        byte[] tones = tones(variation);
        int left = Math.round(variation.left() * (photo.width() - size.width()));
        int top = Math.round(variation.top() * (photo.height() - size.height()));
        byte[] rgb = photo.rgb();
        int channels = photo.channels();
        int end = offset;
        for (int row = 0; row < size.height(); row++) {
            for (int column = 0; column < size.width(); column++) {
                int from = left + (variation.mirrored() ? size.width() - 1 - column : column);
                int source = ((top + row) * photo.width() + from) * channels;
                target[end] = tones[Byte.toUnsignedInt(rgb[source])];
                target[end + 1] = tones[Byte.toUnsignedInt(rgb[source + 1])];
                target[end + 2] = tones[Byte.toUnsignedInt(rgb[source + 2])];
                // Fractions of values, where there are any, stay as they are.
                System.arraycopy(rgb, source + 3, target, end + 3, channels - 3);
                end += channels;
            }
        }
    }

    private static byte[] tones(Variation variation) {
        byte[] tones = new byte[WHITE + 1];
        for (int value = 0; value <= WHITE; value++) {
            float tone = (value - GREY) * variation.contrast() + GREY + variation.brightness();
            tones[value] = (byte) Math.max(0, Math.min(WHITE, Math.round(tone)));
        }
        return tones;
    }
}
