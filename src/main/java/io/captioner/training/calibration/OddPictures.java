package io.captioner.training.calibration;

import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import io.captioner.model.GoldenImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Pictures that no caption of a photo is right for: noise, one colour, gradients, stripes, and lines of signs that look
 * like text; drawn from a seed, in plain arithmetic, so that they are the same on every machine.
 */
final class OddPictures {
    private static final int WHITE = 0xffffff;

    private OddPictures() {}

    private enum Kind {
        NOISE,
        BLANK,
        GRADIENT,
        STRIPES,
        TEXT
    }

    /** The colour of each pixel. */
    @FunctionalInterface
    private interface Painter {
        int at(int x, int y);
    }

    /** Returns pictures, as many of each kind. */
    static List<Pixels> draw(long seed, int ofEachKind, ImageSize size) {
        Random random = new Random(seed);
        List<Pixels> pictures = new ArrayList<>(GoldenImages.draw(seed, ofEachKind, size));
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < ofEachKind && kind != Kind.GRADIENT; i++) {
                pictures.add(paint(size, painter(kind, i, random, size)));
            }
        }
        return List.copyOf(pictures);
    }

    private static Painter painter(Kind kind, int number, Random random, ImageSize size) {
        int first = number == 0 ? 0 : random.nextInt(WHITE + 1);
        int second = random.nextInt(WHITE + 1);
        return switch (kind) {
            case NOISE -> noise(1 << (number % 4), number % 3 == 0, random, size);
            case BLANK -> (x, y) -> number == 1 ? WHITE : first;
            case STRIPES -> {
                int width = 1 + random.nextInt(size.width() / 8 + 1);
                int tilt = number % 3 - 1;
                yield (x, y) -> Math.floorMod(x * (tilt == 0 ? 0 : 1) + y * (tilt == 1 ? 0 : 1), 2 * width) < width
                        ? first
                        : second;
            }
            case TEXT -> text(random, size, number % 2 == 0 ? WHITE : second, number % 2 == 0 ? 0 : first);
            case GRADIENT -> throw new IllegalArgumentException("bug: gradients are drawn by GoldenImages");
        };
    }

    private static Painter noise(int cell, boolean grey, Random random, ImageSize size) {
        int columns = size.width() / cell + 1;
        int[] colours = random.ints((long) columns * (size.height() / cell + 1), 0, WHITE + 1)
                .map(colour -> grey ? (colour & 0xff) * 0x010101 : colour)
                .toArray();
        return (x, y) -> colours[y / cell * columns + x / cell];
    }

    /** Signs of 3 x 5 dots, black or not by chance, with blanks between words and lines. */
    private static Painter text(Random random, ImageSize size, int paper, int ink) {
        int dot = 1 + random.nextInt(4);
        int columns = size.width() / (4 * dot) + 1;
        boolean[] blank = new boolean[columns * (size.height() / (7 * dot) + 1)];
        int[] signs = random.ints(blank.length, 0, 1 << 15).toArray();
        for (int i = 0; i < blank.length; i++) {
            blank[i] = random.nextInt(6) == 0;
        }
        return (x, y) -> {
            int sign = y / (7 * dot) * columns + x / (4 * dot);
            int column = x / dot % 4;
            int row = y / dot % 7;
            boolean inked = column < 3 && row < 5 && !blank[sign] && (signs[sign] >> (3 * row + column) & 1) == 1;
            return inked ? ink : paper;
        };
    }

    private static Pixels paint(ImageSize size, Painter painter) {
        byte[] rgb = new byte[size.width() * size.height() * 3];
        for (int y = 0, at = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                int colour = painter.at(x, y);
                rgb[at++] = (byte) (colour >> 16);
                rgb[at++] = (byte) (colour >> 8);
                rgb[at++] = (byte) colour;
            }
        }
        return new Pixels(size.width(), size.height(), rgb);
    }
}
