package io.captioner.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class AttentionOverlayTests {
    @Test
    void theCellLookedAtIsLitAndTheRestIsDimmed() throws IOException {
        BufferedImage image = read(AttentionOverlay.word(grey(210, 140), lookingAt(1, 5)));
        assertThat(image.getWidth()).isEqualTo(210);
        assertThat(image.getHeight()).isEqualTo(140);
        assertThat(light(image, 165, 30)).isGreaterThan(3 * 128);
        assertThat(light(image, 15, 130)).isLessThan(3 * 64);
    }

    @Test
    void evenAttentionLeavesThePhotoDark() throws IOException {
        float[] weights = new float[49];
        Arrays.fill(weights, 1f / 49);
        BufferedImage image = read(AttentionOverlay.word(grey(70, 70), new AttentionGrid(weights, 7, 7)));
        assertThat(light(image, 35, 35)).isLessThan(3 * 100);
    }

    @Test
    void aStripHasThePhotoThenAPanelForEachWord() throws IOException {
        List<AttentionOverlay.Word> words = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            words.add(new AttentionOverlay.Word("word", lookingAt(3, i)));
        }
        BufferedImage eight = read(AttentionOverlay.strip(grey(1200, 800), words));
        assertThat(eight.getWidth()).isEqualTo(12 + 6 * 252);
        assertThat(eight.getHeight()).isEqualTo(12 + 2 * (160 + 38));
        assertThat(light(eight, 12 + 120, 12 + 80)).isEqualTo(3 * 128);
        BufferedImage two = read(AttentionOverlay.strip(grey(40, 20), words.subList(0, 1)));
        assertThat(two.getWidth()).isEqualTo(12 + 2 * 252);
        assertThat(light(two, 12 + 252 + 15, 12 + 60)).isGreaterThan(3 * 128);
    }

    @Test
    void aWordLongerThanItsPanelIsStillDrawn() throws IOException {
        String word = "supercalifragilisticexpialidocious".repeat(3);
        BufferedImage image =
                read(AttentionOverlay.strip(grey(8, 200), List.of(new AttentionOverlay.Word(word, lookingAt(0, 0)))));
        assertThat(image.getWidth()).isEqualTo(12 + 2 * (10 + 12));
    }

    private static AttentionGrid lookingAt(int row, int column) {
        float[] weights = new float[49];
        Arrays.fill(weights, 0.002f);
        weights[7 * row + column] = 0.9f;
        return new AttentionGrid(weights, 7, 7);
    }

    private static Pixels grey(int width, int height) {
        byte[] rgb = new byte[width * height * 3];
        Arrays.fill(rgb, (byte) 128);
        return new Pixels(width, height, rgb);
    }

    private static int light(BufferedImage image, int x, int y) {
        int rgb = image.getRGB(x, y);
        return (rgb >> 16 & 0xFF) + (rgb >> 8 & 0xFF) + (rgb & 0xFF);
    }

    private static BufferedImage read(byte[] png) throws IOException {
        return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(png)));
    }
}
