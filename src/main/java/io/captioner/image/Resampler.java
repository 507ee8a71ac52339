package io.captioner.image;

import java.util.Arrays;

/**
 * A separable resize fed row by row: Lanczos with three lobes along an axis that shrinks, its kernel as much wider as
 * the axis shrinks, so that nothing aliases and nothing blurs; bilinear along one that grows; a plain copy if the size
 * stays.
 *
 * <p>Where an axis shrinks twelvefold or more, whole groups of neighbours are averaged first, as few as leave six to be
 * resized to one: the kernel's lobes span several of them, so their edges are not seen, and a large photo costs little
 * more than to read its pixels. Holds a row and one float a target value; arithmetic is strict IEEE in a fixed order,
 * so the same rows give the same bytes on every machine. For one thread.
 */
final class Resampler {
    private final Axis columns;
    private final Axis rows;
    private final boolean same;
    private final byte[] copied;
    private final int[] groups;
    private final float[] averages;
    private final float[] line;
    private final float[] result;
    private int nextRow;

    /** A resize of {@code fromWidth × fromHeight} to {@code width × height} pixels, all at least 1. */
    Resampler(int fromWidth, int fromHeight, int width, int height) {
        this.columns = Axis.of(fromWidth, width);
        this.rows = Axis.of(fromHeight, height);
        this.same = fromWidth == width && fromHeight == height;
        int values = Math.multiplyExact(Math.multiplyExact(width, height), 3);
        this.copied = new byte[same ? values : 0];
        this.groups = new int[columns.groups() * 3];
        this.averages = new float[columns.groups() * 3];
        this.line = new float[width * 3];
        this.result = new float[same ? 0 : values];
    }

    /** Takes the next source row, top to bottom, as RGB bytes. */
    void add(byte[] rgb) {
        int y = nextRow++;
        if (same) {
            System.arraycopy(rgb, 0, copied, y * line.length, line.length);
            return;
        }
        addToGroups(rgb);
        if ((y + 1) % rows.groupSize == 0 || y + 1 == rows.from) {
            average(y % rows.groupSize + 1);
            resizeLine();
            addLine(y / rows.groupSize);
        }
    }

    /** Returns the resized RGB bytes once every source row was added. */
    byte[] finish() {
        if (same) {
            return copied;
        }
        byte[] rgb = new byte[result.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Math.max(0, Math.min(255, (int) (result[i] + 0.5f)));
        }
        return rgb;
    }

    private void addToGroups(byte[] rgb) {
        int at = 0;
        for (int group = 0; group < groups.length; group += 3) {
            int end = Math.min(at + 3 * columns.groupSize, rgb.length);
            int red = 0;
            int green = 0;
            int blue = 0;
            for (; at < end; at += 3) {
                red += rgb[at] & 0xff;
                green += rgb[at + 1] & 0xff;
                blue += rgb[at + 2] & 0xff;
            }
            groups[group] += red;
            groups[group + 1] += green;
            groups[group + 2] += blue;
        }
    }

    private void average(int rowsInGroup) {
        int last = groups.length - 3;
        float share = 1f / (rowsInGroup * columns.groupSize);
        for (int i = 0; i < last; i++) {
            averages[i] = groups[i] * share;
        }
        float lastShare = 1f / (rowsInGroup * columns.lastGroupSize());
        for (int i = last; i < groups.length; i++) {
            averages[i] = groups[i] * lastShare;
        }
        Arrays.fill(groups, 0);
    }

    private void resizeLine() {
        for (int x = 0; x < columns.to; x++) {
            float red = 0;
            float green = 0;
            float blue = 0;
            int at = columns.start[x] * 3;
            for (float weight : columns.weights[x]) {
                red += weight * averages[at];
                green += weight * averages[at + 1];
                blue += weight * averages[at + 2];
                at += 3;
            }
            line[3 * x] = red;
            line[3 * x + 1] = green;
            line[3 * x + 2] = blue;
        }
    }

    private void addLine(int group) {
        for (int row = rows.firstTarget[group]; row < rows.to && rows.start[row] <= group; row++) {
            int tap = group - rows.start[row];
            if (tap < rows.weights[row].length) {
                float weight = rows.weights[row][tap];
                int at = row * line.length;
                for (int i = 0; i < line.length; i++) {
                    result[at + i] += weight * line[i];
                }
            }
        }
    }

    /**
     * How one axis is resized: neighbours are averaged in groups, and each target position is a weighted sum of groups.
     *
     * @param groupSize source positions averaged to one, but for the last group, which may be smaller
     * @param start the first group that counts in a target position
     * @param weights of the groups from there on, summing to 1
     * @param firstTarget the first target position that a group may count in
     */
    @SuppressWarnings("ArrayRecordComponent") // tables of this class alone
    private record Axis(int from, int to, int groupSize, int[] start, float[][] weights, int[] firstTarget) {
        private static final int LOBES = 3;

        /** Groups left to be resized to one target position, at least. */
        private static final int FINE = 6;

        static Axis of(int from, int to) {
            int groupSize = Math.max(1, from / (FINE * to));
            int groups = (from + groupSize - 1) / groupSize;
            int[] start = new int[to];
            float[][] weights = new float[to][];
            for (int target = 0; target < to; target++) {
                double centre = (target + 0.5) * from / to / groupSize;
                double scale = Math.max(1, (double) from / to / groupSize);
                double reach = (from > to ? LOBES : 1) * scale;
                int first = Math.max(0, (int) Math.floor(centre - reach + 0.5));
                int end = Math.min(groups, Math.max(first + 1, (int) Math.ceil(centre + reach - 0.5)));
                first = Math.min(first, end - 1);
                start[target] = first;
                weights[target] = weights(first, end, centre, scale, from > to);
            }
            return new Axis(from, to, groupSize, start, weights, firstTargets(groups, start, weights));
        }

        int groups() {
            return firstTarget.length;
        }

        int lastGroupSize() {
            return from - (groups() - 1) * groupSize;
        }

        private static float[] weights(int first, int end, double centre, double scale, boolean shrinks) {
            double[] exact = new double[end - first];
            double sum = 0;
            for (int i = 0; i < exact.length; i++) {
                double distance = (first + i + 0.5 - centre) / scale;
                exact[i] = shrinks ? lanczos(distance) : Math.max(0, 1 - Math.abs(distance));
                sum += exact[i];
            }
            float[] weights = new float[exact.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (exact[i] / sum);
            }
            return weights;
        }

        /** sinc(x) sinc(x / 3) within three lobes. */
        private static double lanczos(double x) {
            return Math.abs(x) < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
        }

        private static double sinc(double x) {
            return Math.abs(x) < 1e-9 ? 1 : StrictMath.sin(Math.PI * x) / (Math.PI * x);
        }

        private static int[] firstTargets(int groups, int[] start, float[][] weights) {
            int[] firstTarget = new int[groups];
            int target = 0;
            for (int group = 0; group < groups; group++) {
                while (target < start.length - 1 && start[target] + weights[target].length <= group) {
                    target++;
                }
                firstTarget[group] = target;
            }
            return firstTarget;
        }
    }
}
