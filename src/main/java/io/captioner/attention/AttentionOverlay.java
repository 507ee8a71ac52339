package io.captioner.attention;

import io.captioner.image.Pixels;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Pictures of where a model looked: the photo dimmed, and lit and warmed where the weight lies. Each word is scaled by
 * its heaviest cell, but an even attention stays dark. Needs a font on the system, not a display.
 */
public final class AttentionOverlay {
    /** Longer side of the photo in a panel of a strip, in pixels. */
    private static final int PANEL = 240;

    private static final int MARGIN = 12;
    private static final int LABEL = 38;
    private static final int PANELS_IN_A_ROW = 6;
    private static final Color PAPER = new Color(0xFAFAF8);
    private static final Color INK = new Color(0x1F2328);

    /** Black, purple, red, orange, pale yellow: the ramp "inferno", whose lightness grows evenly. */
    private static final int[] RAMP = {
        0x000004, 0x210C4A, 0x57106E, 0x8A226A, 0xBC3754, 0xE45A31, 0xF98E09, 0xF9CB35, 0xFCFFA4
    };

    private static final double DARKEST = 0.45;
    private static final double MOST_COLOUR = 0.45;

    private AttentionOverlay() {}

    /**
     * One word of a caption, and where the model looked when it said it.
     *
     * @param word as it stands in the caption
     * @param attention its weights
     */
    public record Word(String word, AttentionGrid attention) {}

    /**
     * Draws one word's attention over a photo.
     *
     * @param photo the upright photo, of any size, at its true proportions
     * @return a PNG of the photo's size
     */
    public static byte[] word(Pixels photo, AttentionGrid attention) {
        return png(overlay(image(photo), attention));
    }

    /**
     * Draws a contact sheet of a caption: the photo, then the photo under each word's attention, the words below.
     *
     * @param photo the upright photo, of any size, at its true proportions
     * @param words the words of the caption in order
     * @return a PNG with six panels a row
     */
    public static byte[] strip(Pixels photo, List<Word> words) {
        BufferedImage small = scaled(image(photo));
        int panelWidth = small.getWidth() + MARGIN;
        int panelHeight = small.getHeight() + LABEL;
        int columns = Math.min(PANELS_IN_A_ROW, words.size() + 1);
        int rows = (words.size() + PANELS_IN_A_ROW) / PANELS_IN_A_ROW;
        BufferedImage sheet = new BufferedImage(
                columns * panelWidth + MARGIN, rows * panelHeight + MARGIN, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        try {
            graphics.setColor(PAPER);
            graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.drawImage(small, MARGIN, MARGIN, null);
            for (int i = 0; i < words.size(); i++) {
                int x = MARGIN + (i + 1) % PANELS_IN_A_ROW * panelWidth;
                int y = MARGIN + (i + 1) / PANELS_IN_A_ROW * panelHeight;
                graphics.drawImage(overlay(small, words.get(i).attention()), x, y, null);
                label(graphics, words.get(i).word(), x, y + small.getHeight(), small.getWidth());
            }
        } finally {
            graphics.dispose();
        }
        return png(sheet);
    }

    private static void label(Graphics2D graphics, String word, int x, int y, int width) {
        graphics.setColor(INK);
        int size = 19;
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
        while (size > 8 && graphics.getFontMetrics().stringWidth(word) > width) {
            size--;
            graphics.setFont(graphics.getFont().deriveFont((float) size));
        }
        int indent = Math.max(0, (width - graphics.getFontMetrics().stringWidth(word)) / 2);
        graphics.drawString(word, x + indent, y + 24);
    }

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

    static BufferedImage image(Pixels photo) {
        BufferedImage image = new BufferedImage(photo.width(), photo.height(), BufferedImage.TYPE_INT_RGB);
        byte[] rgb = photo.rgb();
        for (int i = 0; i < photo.width() * photo.height(); i++) {
            int colour = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
            image.setRGB(i % photo.width(), i / photo.width(), colour);
        }
        return image;
    }

    /** Brings the longer side to the panel's; by halves while it is more than twice as long, against aliasing. */
    private static BufferedImage scaled(BufferedImage photo) {
        int longer = Math.max(photo.getWidth(), photo.getHeight());
        int target = Math.max(PANEL, (longer + 1) / 2);
        int width = Math.max(1, Math.round((float) photo.getWidth() * target / longer));
        int height = Math.max(1, Math.round((float) photo.getHeight() * target / longer));
        BufferedImage smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = smaller.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(photo, 0, 0, width, height, null);
        graphics.dispose();
        return target > PANEL ? scaled(smaller) : smaller;
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "png", bytes)) {
                throw new IllegalStateException("this Java runtime cannot write PNG: use one with java.desktop");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
