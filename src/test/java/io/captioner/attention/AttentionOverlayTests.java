package io.captioner.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.attention.Thumbnails.AttentionOverlay;
import io.captioner.image.JpegPicture;
import io.captioner.image.Pixels;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AttentionOverlayTests {
    @Test
    void theHeaviestCellIsLitAndTheRestIsDimmed() {
        BufferedImage image = overlay(grey(210, 140), attentionAt(1, 5));
        assertThat(image.getWidth()).isEqualTo(210);
        assertThat(image.getHeight()).isEqualTo(140);
        assertThat(light(image, 165, 30)).isGreaterThan(3 * 128);
        assertThat(light(image, 15, 130)).isLessThan(3 * 64);
    }

    @Test
    void evenAttentionLeavesThePhotoDark() {
        float[] weights = new float[49];
        Arrays.fill(weights, 1f / 49);
        BufferedImage image = overlay(grey(70, 70), new AttentionGrid(weights, 7, 7));
        assertThat(light(image, 35, 35)).isLessThan(3 * 100);
    }

    private static AttentionGrid attentionAt(int row, int column) {
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

    private static BufferedImage overlay(Pixels photo, AttentionGrid attention) {
        return AttentionOverlay.overlay(JpegPicture.picture(photo), attention);
    }
}
