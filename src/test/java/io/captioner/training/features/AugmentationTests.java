package io.captioner.training.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AugmentationTests {
    private static final ImageSize SIZE = new ImageSize(6, 4);

    @Test
    void withoutVariationAPhotoIsAsItIs() {
        Pixels photo = numbered(SIZE);

        assertThat(Augmentation.NONE.readSize(SIZE)).isEqualTo(SIZE);
        assertThat(variation(Augmentation.NONE, photo, false, 1)).isEqualTo(photo.rgb());
    }

    @Test
    void aMirroredPhotoHasItsColumnsInOppositeOrder() {
        byte[] mirrored = variation(Augmentation.NONE, numbered(SIZE), true, 1);

        for (int row = 0; row < SIZE.height(); row++) {
            for (int column = 0; column < SIZE.width(); column++) {
                int from = row * SIZE.width() + SIZE.width() - 1 - column;
                assertThat(mirrored[(row * SIZE.width() + column) * 3]).isEqualTo((byte) from);
            }
        }
    }

    @Test
    void aCropIsAWholePieceFromAnyPlace() {
        Augmentation crop = new Augmentation(0.5f, 0, 0);
        ImageSize read = crop.readSize(SIZE);
        assertThat(read).isEqualTo(new ImageSize(12, 8));
        Pixels photo = numbered(read);
        Set<Integer> corners = new HashSet<>();

        for (int seed = 0; seed < 1000; seed++) {
            byte[] piece = variation(crop, photo, false, seed);
            int corner = piece[0];
            corners.add(corner);
            for (int row = 0; row < SIZE.height(); row++) {
                for (int column = 0; column < SIZE.width(); column++) {
                    assertThat(piece[(row * SIZE.width() + column) * 3])
                            .isEqualTo((byte) (corner + row * read.width() + column));
                }
            }
        }
        assertThat(corners).contains(0).contains(4 * 12 + 6).hasSizeGreaterThan(20);
    }

    @Test
    void brightnessAndContrastStayWithinTheirBoundsAndWithinAByte() {
        Augmentation tones = new Augmentation(0, 0.1f, 0.2f);
        byte[] rgb = new byte[SIZE.width() * SIZE.height() * 3];
        rgb[0] = (byte) 200;
        rgb[2] = (byte) 255;
        Set<Integer> seen = new HashSet<>();

        for (int seed = 0; seed < 200; seed++) {
            byte[] varied = variation(tones, new Pixels(SIZE.width(), SIZE.height(), rgb), false, seed);
            seen.add(Byte.toUnsignedInt(varied[0]));
            assertThat(Byte.toUnsignedInt(varied[0])).isBetween(200 - 26 - 15, 255);
            assertThat(Byte.toUnsignedInt(varied[1])).isLessThanOrEqualTo(26 + 26);
            assertThat(Byte.toUnsignedInt(varied[2])).isGreaterThanOrEqualTo(255 - 26 - 26);
        }
        assertThat(seen).hasSizeGreaterThan(30);
    }

    private static byte[] variation(Augmentation augmentation, Pixels photo, boolean mirrored, long seed) {
        byte[] target = new byte[SIZE.width() * SIZE.height() * 3 + 5];
        augmentation.write(photo, SIZE, mirrored, new SplittableRandom(seed), target, 5);
        byte[] written = new byte[target.length - 5];
        System.arraycopy(target, 5, written, 0, written.length);
        return written;
    }

    /** Pixels whose values are their numbers, row by row. */
    private static Pixels numbered(ImageSize size) {
        byte[] rgb = new byte[size.width() * size.height() * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 3);
        }
        return new Pixels(size.width(), size.height(), rgb);
    }
}
