package io.captioner.attention;

/** A smooth surface through the attention weights of a word, to be painted over a picture. */
final class HeatMap {
    /** How many times heavier than the average a cell must be to be painted at full strength. */
    private static final double FULL_STRENGTH = 4;

    private HeatMap() {}

    /**
     * Interpolates by cubic B-splines through the cells' centres, which are smooth and never leave the range of the
     * weights, and scales by the heaviest cell; but weights that hardly differ stay faint, because they carry little
     * information.
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
