package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.captioner.files.Sha256;
import io.captioner.image.format.ImageLimits;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreparationTests {
    private static final PhotoDecoder DECODER = new PhotoDecoder(ImageLimits.defaults());

    /** The hashes are those of Pillow 13.0.0's {@code Image.resize} of the same picture. */
    @ParameterizedTest
    @CsvSource({
        "PILLOW_BILINEAR, 37, 23, 16, 16, a047c85dcb8f181d2d63ba802a854164ac46a60c9a8d80d557f92c144bb76bbc",
        "PILLOW_LANCZOS, 37, 23, 16, 16, 1b28cfffa780fdbfe69e62bc91d9488e8508985040505a248c448a6d85273532",
        "PILLOW_BILINEAR, 20, 30, 41, 27, 58ab954472ddb8032ad503b20a8411a8de145f628b5cbc4a7f480d7ec36e3d93",
        "PILLOW_LANCZOS, 20, 30, 41, 27, c0fca2569e7d899d804476df6256f3c42d544a5dfcec8e365881bd2c5ef60652",
        "PILLOW_BILINEAR, 64, 48, 64, 20, e9f58992e967dd450f08c7d4f68bd872240b249afec35731b5ecbbcf588ee3f5",
        "PILLOW_LANCZOS, 64, 48, 64, 20, b8d27678de59ef538add1b92249d1ab86520c5b8fc760dcd403e93b374f5ce45",
        "PILLOW_BILINEAR, 13, 17, 13, 40, ade9880e3a28255e567e743f3378328eceb36ff68774d17411a54d1ba2806552",
        "PILLOW_LANCZOS, 13, 17, 13, 40, 724681b72d115737b766843b845ca9a91e418f0c9557e9962e74c486fb982bca",
        "PILLOW_BILINEAR, 300, 7, 9, 7, f35817f1556cd362e5e55d843747462384710d0e4b9c53a21fa05e8211199ca3",
        "PILLOW_LANCZOS, 300, 7, 9, 7, 0cafa6715dbff690714eb6bdf9d2c3130787d8e18ab22ceb970e21b4aa893543",
    })
    void pillowsBytesAreReproduced(
            Interpolation interpolation, int fromWidth, int fromHeight, int width, int height, String sha256) {
        byte[] resized = resize(interpolation, fromWidth, fromHeight, width, height);
        assertThat(Sha256.hex(Sha256.digest().digest(resized))).isEqualTo(sha256);
    }

    @ParameterizedTest
    @CsvSource({"37, 23, 16, 16", "20, 30, 41, 27", "5, 5, 5, 5", "1, 1, 4, 3", "346, 2, 299, 9"})
    void tensorFlow1TakesThePixelsAroundEachPlaceAndNoMore(int fromWidth, int fromHeight, int width, int height) {
        byte[] resized = resize(Interpolation.TENSORFLOW1_BILINEAR, fromWidth, fromHeight, width, height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double column = (double) x * fromWidth / width;
                double row = (double) y * fromHeight / height;
                int left = (int) (column + 1e-6);
                int top = (int) (row + 1e-6);
                int right = Math.min(left + 1, fromWidth - 1);
                int bottom = Math.min(top + 1, fromHeight - 1);
                for (int channel = 0; channel < 3; channel++) {
                    double above = value(left, top, channel) * (1 - column + left)
                            + value(right, top, channel) * (column - left);
                    double below = value(left, bottom, channel) * (1 - column + left)
                            + value(right, bottom, channel) * (column - left);
                    int at = (y * width + x) * 9 + channel;
                    double found = (resized[at] & 0xff)
                            + (resized[at + 3] & 0xff) / 256.0
                            + (resized[at + 6] & 0xff) / 65_536.0;
                    assertThat(found).isCloseTo(above * (1 - row + top) + below * (row - top), offset(4e-5 * width));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AUTOMATIC", "PILLOW_LANCZOS", "TENSORFLOW1_BILINEAR"})
    void theMiddleOfTheStretchedPhotoGoesIn(Interpolation interpolation) throws IOException {
        byte[] photo = Drawings.encode(Drawings.quarters(40, 30, BufferedImage.TYPE_INT_RGB), "png");
        Pixels whole = DECODER.decode(
                        photo, new ImagePreparation(new ImageSize(15, 11), new ImageSize(15, 11), interpolation))
                .pixels();
        Pixels middle = DECODER.decode(
                        photo, new ImagePreparation(new ImageSize(10, 10), new ImageSize(15, 11), interpolation))
                .pixels();
        int channels = middle.channels();
        assertThat(channels).isEqualTo(interpolation.isFractional() ? 9 : 3);
        for (int row = 0; row < 10; row++) {
            assertThat(Arrays.copyOfRange(middle.rgb(), row * 10 * channels, (row + 1) * 10 * channels))
                    .isEqualTo(Arrays.copyOfRange(whole.rgb(), (row * 15 + 2) * channels, (row * 15 + 12) * channels));
        }
    }

    @Test
    void theProgramsOwnWayIsTheOneOfASizeAlone() throws IOException {
        byte[] photo = Drawings.encode(Drawings.quarters(40, 30, BufferedImage.TYPE_INT_RGB), "png");
        ImageSize size = new ImageSize(9, 7);
        assertThat(DECODER.decode(photo, ImagePreparation.stretch(size))
                        .pixels()
                        .rgb())
                .isEqualTo(DECODER.decode(photo, size).pixels().rgb());
    }

    private static byte[] resize(Interpolation interpolation, int fromWidth, int fromHeight, int width, int height) {
        RowResampler resampler = interpolation.resampler(fromWidth, fromHeight, width, height);
        for (int y = 0; y < fromHeight; y++) {
            byte[] row = new byte[fromWidth * 3];
            for (int i = 0; i < row.length; i++) {
                row[i] = (byte) value(i / 3, y, i % 3);
            }
            resampler.add(row);
        }
        return resampler.finish();
    }

    private static int value(int x, int y, int channel) {
        return (x * 7 + y * 13 + channel * 31 + x * y % 17 * 9) % 256;
    }
}
