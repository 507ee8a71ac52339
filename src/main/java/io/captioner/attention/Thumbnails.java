package io.captioner.attention;

import io.captioner.image.JpegPicture;
import io.captioner.image.Pixels;
import java.awt.image.BufferedImage;
import java.util.List;

/** Small JPEGs of photos for pages that hold many: as they are, and under the attention of a word. */
public final class Thumbnails {
    private static final float QUALITY = 0.82f;
    private static final int COLUMNS = 4;
    private static final int GAP = 4;

    private Thumbnails() {}

    /** Returns a JPEG of a photo, of the photo's size. */
    public static byte[] photo(Pixels photo) {
        return JpegPicture.encode(JpegPicture.picture(photo), QUALITY);
    }

    /** Returns a JPEG of a photo under one word's attention, drawn as {@link AttentionOverlay} draws it. */
    public static byte[] word(Pixels photo, AttentionGrid attention) {
        return JpegPicture.encode(AttentionOverlay.overlay(JpegPicture.picture(photo), attention), QUALITY);
    }

    /**
     * Returns one JPEG of a photo and of the photo under the attention of each word: rows of {@value #COLUMNS}, the
     * photo first.
     */
    public static byte[] sheet(Pixels photo, List<AttentionGrid> words) {
        int columns = Math.min(COLUMNS, words.size() + 1);
        int rows = (words.size() + columns) / columns;
        int width = photo.width() + GAP;
        int height = photo.height() + GAP;
        BufferedImage sheet = new BufferedImage(columns * width - GAP, rows * height - GAP, BufferedImage.TYPE_INT_RGB);
        BufferedImage plain = JpegPicture.picture(photo);
        for (int tile = 0; tile <= words.size(); tile++) {
            BufferedImage picture = tile == 0 ? plain : AttentionOverlay.overlay(plain, words.get(tile - 1));
            sheet.getRaster().setRect(tile % columns * width, tile / columns * height, picture.getRaster());
        }
        return JpegPicture.encode(sheet, QUALITY);
    }

    /**
     * Paints the attention of a word over a photo: the photo is dimmed, and lit and coloured where the weight lies.
     * Each word is scaled by its heaviest cell, but an even attention stays dark.
     */
    static final class AttentionOverlay {
        /** Purple, blue, green, yellow: the ramp "viridis", whose lightness grows evenly, also for the colour-blind. */
        private static final int[] RAMP = {
            0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725
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
    }

    /** A smooth surface through the attention weights of a word, to be painted over a picture. */
    static final class HeatMap {
        /** How many times heavier than the average a cell must be to be painted at full strength. */
        private static final double FULL_STRENGTH = 4;

        private HeatMap() {}

        /**
         * Interpolates by cubic B-splines through the cells' centres, which are smooth and never leave the range of the
         * weights, and scales by the heaviest cell; but weights that hardly differ stay faint, because they carry
         * little information.
         *
         * @return strength between 0 and 1, [height * width] row-major
         */
        static float[] of(AttentionGrid grid, int width, int height) {
            float[] heat = new float[width * height];
            double sum = 0;
            for (float weight : grid.weights()) {
                sum += weight;
            }
            double[][] alongX = splines(width, grid.columns());
            double[][] alongY = splines(height, grid.rows());
            double highest = 0;
            double[][] stretched = new double[grid.rows()][width];
            for (int row = 0; row < grid.rows(); row++) {
                for (int x = 0; x < width; x++) {
                    for (int column = 0; column < grid.columns(); column++) {
                        stretched[row][x] += alongX[x][column] * grid.at(row, column);
                    }
                }
            }
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    double value = 0;
                    for (int row = 0; row < grid.rows(); row++) {
                        value += alongY[y][row] * stretched[row][x];
                    }
                    heat[y * width + x] = (float) value;
                    highest = Math.max(highest, value);
                }
            }
            double heaviest = grid.weights()[grid.heaviest()];
            double strength = Math.min(1, heaviest * grid.weights().length / (sum * FULL_STRENGTH));
            for (int i = 0; i < heat.length; i++) {
                heat[i] = (float) Math.min(1, heat[i] / highest * strength);
            }
            return heat;
        }

        /** Returns the weight of each cell at each pixel of one axis, [pixels][cells]; each row sums to 1. */
        private static double[][] splines(int pixels, int cells) {
            double[][] weights = new double[pixels][cells];
            for (int pixel = 0; pixel < pixels; pixel++) {
                double position = (pixel + 0.5) * cells / pixels - 0.5;
                int first = (int) Math.floor(position) - 1;
                for (int cell = first; cell < first + 4; cell++) {
                    int inside = Math.max(0, Math.min(cells - 1, cell));
                    weights[pixel][inside] += cubic(Math.abs(position - cell));
                }
            }
            return weights;
        }

        /** The uniform cubic B-spline at a distance from its centre. */
        private static double cubic(double distance) {
            if (distance < 1) {
                return (4 - 6 * distance * distance + 3 * distance * distance * distance) / 6;
            }
            double left = Math.max(0, 2 - distance);
            return left * left * left / 6;
        }
    }
}
