package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailTests {
    @ParameterizedTest
    @CsvSource({"4000,3000,192,144", "3000,4000,144,192", "20,10,20,10", "5000,1,192,1", "192,192,192,192"})
    void itHasTheProportionsOfThePhotoAndIsNeverLarger(int width, int height, int columns, int rows)
            throws IOException {
        BufferedImage picture = read(Thumbnail.jpeg(new Pixels(8, 8, new byte[8 * 8 * 3]), width, height, 192));

        assertThat(picture.getWidth()).isEqualTo(columns);
        assertThat(picture.getHeight()).isEqualTo(rows);
    }

    @Test
    void itShowsTheColoursWhereTheyAre() throws IOException {
        byte[] rgb = new byte[100 * 100 * 3];
        for (int y = 0; y < 100; y++) {
            for (int x = 0; x < 100; x++) {
                rgb[(y * 100 + x) * 3 + (x < 50 ? 0 : 2)] = (byte) 255;
            }
        }

        BufferedImage picture = read(Thumbnail.jpeg(new Pixels(100, 100, rgb), 400, 200, 100));

        assertThat(new Color(picture.getRGB(20, 25)).getRed()).isGreaterThan(230);
        assertThat(new Color(picture.getRGB(20, 25)).getBlue()).isLessThan(30);
        assertThat(new Color(picture.getRGB(80, 25)).getBlue()).isGreaterThan(230);
    }

    @Test
    void ofPixelsThatAreNoWholeNumbersTheWholePartIsShown() throws IOException {
        byte[] rgb = new byte[100 * 100 * 3];
        for (int pixel = 0; pixel < 100 * 100; pixel++) {
            rgb[3 * pixel + 1] = (byte) 200;
        }
        Pixels whole = new Pixels(100, 100, rgb);

        assertThat(Thumbnail.jpeg(whole.withChannels(9), 300, 300, 64)).isEqualTo(Thumbnail.jpeg(whole, 300, 300, 64));
        assertThat(new Color(read(Thumbnail.jpeg(whole.withChannels(9), 300, 300, 64))
                                .getRGB(32, 60))
                        .getGreen())
                .isBetween(195, 205);
    }

    private static BufferedImage read(byte[] jpeg) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(jpeg));
    }
}
