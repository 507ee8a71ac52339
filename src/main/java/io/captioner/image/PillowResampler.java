package io.captioner.image;

import java.util.Arrays;

/**
 * Pillow's {@code Image.resize} of 8-bit RGB pictures, byte for byte as version 13 gives them: one axis first and then
 * the other, each with weights of 22 bits and rounded to whole values ({@code ImagingResample} of
 * {@code src/libImaging/Resample.c}). Rows come first where they lose more than twice as many as columns do, by version
 * 13's answers; in older versions hardly ever. Holds the rows that still count, and the result.
 */
final class PillowResampler implements RowResampler {
    private static final int PRECISION_BITS = 32 - 8 - 2;

    private final Axis columns;
    private final Axis rows;
    private final boolean rowsFirst;
    private final byte[] line;
    private final byte[] summed;
    /** Sums of the target rows that are not complete, row {@code y} at {@code y % sums.length}. */
    private final int[][] sums;

    private final byte[] result;
    private int nextRow;
    private int firstOpen;

    /** A filter by its shape and its reach in source pixels where an axis does not shrink. */
    enum Filter {
        BILINEAR(1),
        LANCZOS(3);

        private final int reach;

        Filter(int reach) {
            this.reach = reach;
        }

        double at(double x) {
            double distance = Math.abs(x);
            if (this == BILINEAR) {
                return distance < 1 ? 1 - distance : 0;
            }
            return distance < reach ? sinc(x) * sinc(x / reach) : 0;
        }

        private static double sinc(double x) {
            return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
        }
    }

    PillowResampler(Filter filter, int fromWidth, int fromHeight, int width, int height) {
        this.columns = Axis.of(filter, fromWidth, width);
        this.rows = Axis.of(filter, fromHeight, height);
        this.rowsFirst = height < fromHeight && fromHeight - height > 2 * (fromWidth - width);
        this.line = new byte[(rowsFirst ? fromWidth : width) * 3];
        this.summed = new byte[rowsFirst ? line.length : 0];
        this.sums = new int[rows.targetsOfARow()][line.length];
        this.result = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    }

    @Override
    public void add(byte[] rgb) {
        int y = nextRow++;
        if (rowsFirst) {
            System.arraycopy(rgb, 0, line, 0, line.length);
        } else {
            resize(rgb, line, 0);
        }
        for (int row = firstOpen; row < rows.start.length && rows.start[row] <= y; row++) {
            int[] sum = sums[row % sums.length];
            int tap = y - rows.start[row];
            if (tap == 0) {
                Arrays.fill(sum, 1 << PRECISION_BITS - 1);
            }
            int weight = rows.weights[row][tap];
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight * (line[i] & 0xff);
            }
            if (tap == rows.weights[row].length - 1) {
                write(sum, row);
                firstOpen = row + 1;
            }
        }
    }

    @Override
    public byte[] finish() {
        return result;
    }

    private void resize(byte[] rgb, byte[] target, int offset) {
        int to = offset;
        for (int x = 0; x < columns.start.length; x++) {
            int red = 1 << PRECISION_BITS - 1;
            int green = red;
            int blue = red;
            int at = columns.start[x] * 3;
            for (int weight : columns.weights[x]) {
                red += weight * (rgb[at] & 0xff);
                green += weight * (rgb[at + 1] & 0xff);
                blue += weight * (rgb[at + 2] & 0xff);
                at += 3;
            }
            target[to++] = clip(red);
            target[to++] = clip(green);
            target[to++] = clip(blue);
        }
    }

    private void write(int[] sum, int row) {
        int at = row * columns.start.length * 3;
        byte[] target = rowsFirst ? summed : result;
        int from = rowsFirst ? 0 : at;
        for (int i = 0; i < sum.length; i++) {
            target[from + i] = clip(sum[i]);
        }
        if (rowsFirst) {
            resize(summed, result, at);
        }
    }

    private static byte clip(int sum) {
        return (byte) Math.max(0, Math.min(255, sum >> PRECISION_BITS));
    }

    /**
     * How one axis is resized.
     *
     * @param start the first source position that counts in a target position
     * @param weights of the source positions from there on
     */
    @SuppressWarnings("ArrayRecordComponent") // tables of this class only
    private record Axis(int[] start, int[][] weights) {
        static Axis of(Filter filter, int from, int to) {
            int[] start = new int[to];
            int[][] weights = new int[to][];
            double scale = (double) from / to;
            double filterScale = Math.max(1, scale);
            double support = filter.reach * filterScale;
            for (int target = 0; target < to; target++) {
                if (from == to) {
                    start[target] = target;
                    weights[target] = new int[] {1 << PRECISION_BITS};
                    continue;
                }
                double centre = (target + 0.5) * scale;
                int first = Math.max(0, (int) (centre - support + 0.5));
                int end = Math.min(from, (int) (centre + support + 0.5));
                start[target] = first;
                weights[target] = weights(filter, first, end, centre, 1 / filterScale);
            }
            return new Axis(start, weights);
        }

        private static int[] weights(Filter filter, int first, int end, double centre, double scale) {
            double[] exact = new double[end - first];
            double sum = 0;
            for (int i = 0; i < exact.length; i++) {
                exact[i] = filter.at((i + first - centre + 0.5) * scale);
                sum += exact[i];
            }
            int[] weights = new int[exact.length];
            for (int i = 0; i < weights.length; i++) {
                double share = (sum == 0 ? exact[i] : exact[i] / sum) * (1 << PRECISION_BITS);
                weights[i] = (int) (share + (share < 0 ? -0.5 : 0.5));
            }
            return weights;
        }

        /** Returns how many target positions one source position counts in, at most. */
        int targetsOfARow() {
            int most = 1;
            int first = 0;
            for (int target = 0; target < start.length; target++) {
                while (start[first] + weights[first].length <= start[target]) {
                    first++;
                }
                most = Math.max(most, target - first + 1);
            }
            return most;
        }
    }
}
