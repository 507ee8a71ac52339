package io.captioner.attention;

import io.captioner.attention.Thumbnails.AttentionOverlay;
import io.captioner.image.ImageSize;
import io.captioner.image.JpegPicture;
import io.captioner.image.Pixels;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PNG of captioned photos: for each the caption, the photo, and a panel for each word with the photo under its
 * attention. Without fonts on the machine the panels have no words.
 */
public final class ContactSheet {
    private static final Logger log = LoggerFactory.getLogger(ContactSheet.class);

    private static final int LARGEST_SIDE = 240;
    private static final int SMALLEST_SIDE = 96;

    /** Most pixels of all panels of a sheet, as far as the smallest side allows. */
    private static final int MOST_PIXELS = 12_000_000;

    private static final int COLUMNS = 5;
    private static final int GAP = 12;
    private static final int LABEL_HEIGHT = 24;
    private static final int TITLE_HEIGHT = 28;
    private static final float LABEL_SIZE = 15;
    private static final float TITLE_SIZE = 19;
    private static final Color INK = new Color(0x1A1A1A);
    private static final Color SOFT_INK = new Color(0x595959);
    private static final Optional<Font> FONT = findFont();

    private ContactSheet() {}

    /**
     * A photo and its caption.
     *
     * @param photo of the size of a panel, see {@link #panel}
     * @param title shown above
     * @param words in order; empty without attention
     */
    public record Captioned(Pixels photo, String title, List<Word> words) {}

    /**
     * A word of a caption.
     *
     * @param probability 0 to 1
     */
    public record Word(String word, double probability, AttentionGrid attention) {}

    /**
     * Returns the size of the panels of a photo, in its proportions: smaller the more panels a sheet has.
     *
     * @param width columns of the photo
     * @param height rows of the photo
     * @param panels number of panels of the whole sheet
     */
    public static ImageSize panel(int width, int height, int panels) {
        double side = Math.max(SMALLEST_SIDE, Math.min(LARGEST_SIDE, Math.sqrt((double) MOST_PIXELS / panels)));
        double scale = side / Math.max(width, height);
        return new ImageSize(
                Math.max(1, (int) Math.round(width * scale)), Math.max(1, (int) Math.round(height * scale)));
    }

    /** Returns the sheet, the photos one below the other. */
    public static byte[] png(List<Captioned> photos) {
        List<Block> blocks = photos.stream().map(Block::new).toList();
        int width = blocks.stream().mapToInt(Block::width).max().orElse(0);
        int height =
                GAP + blocks.stream().mapToInt(block -> block.height(width)).sum();
        BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, width, height);
            int top = GAP;
            for (Block block : blocks) {
                block.draw(graphics, top, width);
                top += block.height(width);
            }
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(sheet, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The title and the panels of one photo. */
    private record Block(Captioned content) {
        int columns() {
            return Math.min(COLUMNS, 1 + content.words().size());
        }

        /** A panel is at least as wide as a word needs, also of a tall photo. */
        int cellWidth() {
            return Math.max(SMALLEST_SIDE, content.photo().width());
        }

        int cellHeight() {
            return content.photo().height() + LABEL_HEIGHT;
        }

        int width() {
            int needed = FONT.map(font -> (int) Math.ceil(measure(title(font), content.title())))
                    .orElse(0);
            int panels = columns() * (cellWidth() + GAP);
            return GAP + Math.max(panels, Math.min(needed + GAP, COLUMNS * (LARGEST_SIDE + GAP)));
        }

        int height(int width) {
            int rows = (content.words().size() + columns()) / columns();
            return lines(width).size() * TITLE_HEIGHT + rows * (cellHeight() + GAP);
        }

        void draw(Graphics2D graphics, int top, int width) {
            int y = top;
            for (String line : lines(width)) {
                write(graphics, line, GAP, y + TITLE_HEIGHT - 10, width - 2 * GAP, TITLE_SIZE, Font.BOLD, INK);
                y += TITLE_HEIGHT;
            }
            BufferedImage photo = JpegPicture.picture(content.photo());
            graphics.drawImage(photo, GAP, y, null);
            for (int i = 0; i < content.words().size(); i++) {
                Word word = content.words().get(i);
                int cell = i + 1;
                int left = GAP + cell % columns() * (cellWidth() + GAP);
                int upper = y + cell / columns() * (cellHeight() + GAP);
                graphics.drawImage(AttentionOverlay.overlay(photo, word.attention()), left, upper, null);
                label(graphics, word, left, upper + cellHeight() - 7);
            }
        }

        private void label(Graphics2D graphics, Word word, int left, int baseline) {
            String percent = String.format(Locale.ROOT, "%.0f\u2009%%", 100 * word.probability());
            int forPercent = 46;
            int used =
                    write(graphics, word.word(), left, baseline, cellWidth() - forPercent, LABEL_SIZE, Font.BOLD, INK);
            write(graphics, percent, left + used + 6, baseline, forPercent, LABEL_SIZE - 2, Font.PLAIN, SOFT_INK);
        }

        /** Returns the title in lines that fit. */
        private List<String> lines(int width) {
            if (FONT.isEmpty()) {
                return List.of();
            }
            List<String> lines = new ArrayList<>();
            StringBuilder line = new StringBuilder();
            for (String word : content.title().split(" ", -1)) {
                String longer = line.isEmpty() ? word : line + " " + word;
                if (!line.isEmpty() && measure(title(FONT.get()), longer) > width - 2 * GAP) {
                    lines.add(line.toString());
                    line = new StringBuilder(word);
                } else {
                    line = new StringBuilder(longer);
                }
            }
            lines.add(line.toString());
            return lines;
        }
    }

    private static Font title(Font font) {
        return font.deriveFont(Font.BOLD, TITLE_SIZE);
    }

    /** Writes a text, smaller if it does not fit; returns its width. */
    private static int write(
            Graphics2D graphics, String text, int x, int baseline, int most, float size, int style, Color colour) {
        if (FONT.isEmpty()) {
            return 0;
        }
        Font font = FONT.get().deriveFont(style, size);
        double width = measure(font, text);
        if (width > most) {
            font = font.deriveFont((float) (size * most / width));
            width = most;
        }
        graphics.setFont(font);
        graphics.setColor(colour);
        graphics.drawString(text, x, baseline);
        return (int) Math.ceil(width);
    }

    private static double measure(Font font, String text) {
        return font.getStringBounds(text, new FontRenderContext(null, true, false))
                .getWidth();
    }

    /** Java fails in several ways on a machine without fonts, and some of them are errors. */
    private static Optional<Font> findFont() {
        try {
            Font font = new Font(Font.SANS_SERIF, Font.PLAIN, (int) LABEL_SIZE);
            return measure(font, "word") > 0 ? Optional.of(font) : Optional.empty();
        } catch (RuntimeException | LinkageError | InternalError missing) {
            log.warn(
                    "contact sheets have no words, for this machine has no fonts: install fontconfig and fonts-dejavu-core",
                    missing);
            return Optional.empty();
        }
    }
}
