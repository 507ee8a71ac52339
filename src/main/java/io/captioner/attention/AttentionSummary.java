package io.captioner.attention;

import io.captioner.attention.AttentionSummary.Attention.Box;
import io.captioner.attention.AttentionSummary.Attention.Point;

/**
 * Pure functions from the attention weights of a word to figures about them.
 *
 * <p>The model's input is the whole photo stretched to a square, so a cell is a rectangle of the upright original:
 * {@code width / columns} by {@code height / rows} pixels, each axis on its own. What covers part of a pixel covers it
 * whole.
 */
public final class AttentionSummary {
    /** What rounding of float weights may take off the half, as a part of the mass. */
    private static final double ROUNDING = 1e-6;

    private AttentionSummary() {}

    /**
     * Summarises the attention of one word.
     *
     * @param grid the weights of one word
     * @param width columns of the upright original, at least 1
     * @param height rows of the upright original, at least 1
     */
    public static Attention of(AttentionGrid grid, int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("bug: an image of %d x %d".formatted(width, height));
        }
        return new Attention(peak(grid, width, height), box(grid, width, height), entropy(grid));
    }

    private static Point peak(AttentionGrid grid, int width, int height) {
        int cell = grid.heaviest();
        int column = cell % grid.columns();
        int row = cell / grid.columns();
        return new Point((int) ((2L * column + 1) * width / (2L * grid.columns())), (int)
                ((2L * row + 1) * height / (2L * grid.rows())));
    }

    /** Returns the entropy of the weights over ln(cells): 0 if all is in one cell, 1 if all cells have the same. */
    public static double entropy(AttentionGrid grid) {
        if (grid.weights().length == 1) {
            return 0;
        }
        double sum = 0;
        double sumOfLogs = 0;
        for (float weight : grid.weights()) {
            if (weight > 0) {
                sum += weight;
                sumOfLogs += weight * Math.log(weight);
            }
        }
        // - sum (w/s) ln(w/s) = ln s - (sum w ln w) / s
        double entropy = Math.log(sum) - sumOfLogs / sum;
        return Math.min(1, Math.max(0, entropy / Math.log(grid.weights().length)));
    }

    /** Tries every rectangle of cells: fewest cells first, then heaviest, then topmost and leftmost. */
    private static Box box(AttentionGrid grid, int width, int height) {
        double[][] integral = integral(grid);
        double half = integral[grid.rows()][grid.columns()] * (0.5 - ROUNDING);
        int bestCells = Integer.MAX_VALUE;
        double bestMass = 0;
        Box best = new Box(0, 0, width, height);
        for (int top = 0; top < grid.rows(); top++) {
            for (int left = 0; left < grid.columns(); left++) {
                for (int bottom = top + 1; bottom <= grid.rows(); bottom++) {
                    for (int right = left + 1; right <= grid.columns(); right++) {
                        int cells = (bottom - top) * (right - left);
                        double mass = mass(integral, top, left, bottom, right);
                        boolean better = cells < bestCells || (cells == bestCells && mass > bestMass);
                        if (mass >= half && better) {
                            bestCells = cells;
                            bestMass = mass;
                            best = pixels(grid, top, left, bottom, right, width, height);
                        }
                    }
                }
            }
        }
        return best;
    }

    /** Returns s with s[r][c] the mass of the cells above r and left of c. */
    private static double[][] integral(AttentionGrid grid) {
        double[][] sums = new double[grid.rows() + 1][grid.columns() + 1];
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                sums[row + 1][column + 1] =
                        grid.at(row, column) + sums[row][column + 1] + sums[row + 1][column] - sums[row][column];
            }
        }
        return sums;
    }

    private static double mass(double[][] integral, int top, int left, int bottom, int right) {
        return integral[bottom][right] - integral[top][right] - integral[bottom][left] + integral[top][left];
    }

    private static Box pixels(AttentionGrid grid, int top, int left, int bottom, int right, int width, int height) {
        int x = floor(left, width, grid.columns());
        int y = floor(top, height, grid.rows());
        return new Box(x, y, ceil(right, width, grid.columns()) - x, ceil(bottom, height, grid.rows()) - y);
    }

    private static int floor(int cells, int pixels, int ofCells) {
        return (int) ((long) cells * pixels / ofCells);
    }

    private static int ceil(int cells, int pixels, int ofCells) {
        return (int) (((long) cells * pixels + ofCells - 1) / ofCells);
    }

    /**
     * Where the attention of one word lies.
     *
     * @param peak centre of the heaviest cell, the topmost then leftmost of equals
     * @param box the smallest rectangle of whole cells that holds at least half of the mass
     * @param entropy - sum p ln p over the cells, divided by ln(cells): 0 if all lies in one cell, 1 if it is spread evenly
     */
    public record Attention(Point peak, Box box, double entropy) {
        /** A pixel of the upright original, counted from its top-left corner. */
        public record Point(int x, int y) {}

        /**
         * A rectangle of whole pixels of the upright original, always inside it.
         *
         * @param x leftmost column
         * @param y topmost row
         * @param width columns, at least 1
         * @param height rows, at least 1
         */
        public record Box(int x, int y, int width, int height) {}
    }
}
