package io.captioner.attention;

import io.captioner.image.Pixels;
import java.awt.image.BufferedImage;

/**
 * Paints the attention of a word over a photo: the photo is dimmed, and lit and coloured where the weight lies. Each
 * word is scaled by its heaviest cell, but an even attention stays dark.
 */
final class AttentionOverlay {
    /** Black, purple, red, orange, pale yellow: the ramp "inferno", whose lightness grows evenly. */
    private static final int[] RAMP = {
        0x000004, 0x210C4A, 0x57106E, 0x8A226A, 0xBC3754, 0xE45A31, 0xF98E09, 0xF9CB35, 0xFCFFA4
    };

    private static final double DARKEST = 0.45;
    private static final double MOST_COLOUR = 0.45;

    private AttentionOverlay() {}

    /** Returns a photo with a word's attention painted over it, of the photo's size. */
    static BufferedImage overlay(BufferedImage photo, AttentionGrid attention) {
        int width = photo.getWidth();
        int height = photo.getHeight();
        float[] heat = HeatMap.of(attention, width, height);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, blend(photo.getRGB(x, y), heat[y * width + x]));
            }
        }
        return image;
    }

    private static int blend(int rgb, double heat) {
        int warm = ramp(heat);
        double opacity = MOST_COLOUR * heat;
        double light = (DARKEST + (1 - DARKEST) * heat) * (1 - opacity);
        int blended = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double value = (rgb >> shift & 0xFF) * light + (warm >> shift & 0xFF) * opacity;
            blended = blended << 8 | (int) Math.min(255, Math.round(value));
        }
        return blended;
    }

    private static int ramp(double heat) {
        double position = heat * (RAMP.length - 1);
        int below = Math.min((int) position, RAMP.length - 2);
        double part = position - below;
        int colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = RAMP[below] >> shift & 0xFF;
            int to = RAMP[below + 1] >> shift & 0xFF;
            colour = colour << 8 | (int) Math.round(from + part * (to - from));
        }
        return colour;
    }

    /** Returns a photo's pixels as an image. */
    static BufferedImage image(Pixels photo) {
        BufferedImage image = new BufferedImage(photo.width(), photo.height(), BufferedImage.TYPE_INT_RGB);
        byte[] rgb = photo.rgb();
        for (int i = 0; i < photo.width() * photo.height(); i++) {
            int colour = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
            image.setRGB(i % photo.width(), i / photo.width(), colour);
        }
        return image;
    }
}
