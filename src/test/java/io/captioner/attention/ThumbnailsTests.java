package io.captioner.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.Pixels;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ThumbnailsTests {
    private static final int SIDE = 64;

    @Test
    void thePhotoKeepsItsSizeAndColour() throws IOException {
        BufferedImage photo = read(Thumbnails.photo(grey()));

        assertThat(photo.getWidth()).isEqualTo(SIDE);
        assertThat(new Color(photo.getRGB(40, 20)).getGreen()).isBetween(125, 131);
    }

    @Test
    void whereTheModelLookedIsLitAndTheRestIsDark() throws IOException {
        BufferedImage word = read(Thumbnails.word(grey(), new AttentionGrid(new float[] {1, 0, 0, 0}, 2, 2)));

        assertThat(brightness(word, 12, 12)).isGreaterThan(brightness(word, 56, 56) + 50);
    }

    private static Pixels grey() {
        byte[] rgb = new byte[SIDE * SIDE * 3];
        Arrays.fill(rgb, (byte) 128);
        return new Pixels(SIDE, SIDE, rgb);
    }

    private static int brightness(BufferedImage image, int x, int y) {
        Color colour = new Color(image.getRGB(x, y));
        return Math.max(colour.getRed(), Math.max(colour.getGreen(), colour.getBlue()));
    }

    private static BufferedImage read(byte[] jpeg) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(jpeg));
    }
}
