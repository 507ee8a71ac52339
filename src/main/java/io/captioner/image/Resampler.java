package io.captioner.image;

import java.util.Arrays;
import org.springframework.util.ConcurrentLruCache;

/**
 * A separable resize fed row by row: Lanczos with three lobes along an axis that shrinks, its kernel as much wider as
 * the axis shrinks, so that nothing aliases and nothing blurs; bilinear along one that grows; a plain copy if the size
 * stays.
 *
 * <p>Where an axis shrinks twelvefold or more, whole groups of neighbours are averaged first, as few as leave six to be
 * resized to one: the kernel's lobes span several of them, so their edges are not seen, and a large photo costs little
 * more than to read its pixels. Rows are resized before columns: source rows are added to the target rows they count
 * in, at their own width. Columns are resized for a block of rows at once, which lie side by side for it: in both loops
 * the compiler adds several values at a time. Holds these rows, 24 where the picture shrinks, and the result;
 * arithmetic is strict IEEE in a fixed order, so the same rows give the same bytes on every machine. For one thread.
 */
final class Resampler implements RowResampler {
    /** Source positions that are added at once, so that a sum is read and written once for all of them. */
    private static final int TAPS = 4;

    /** Target rows of which the columns are resized at once. */
    private static final int BLOCK = 16;

    /**
     * The axes of the last sizes: photos of a camera have few, and the sines of an axis take as long as a small photo.
     */
    private static final ConcurrentLruCache<Extent, Axis> KNOWN = new ConcurrentLruCache<>(64, Axis::of);

    private final Axis columns;
    private final Axis rows;
    private final boolean same;
    private final int[] groups;
    /** The last lines, line {@code y} at {@code y % TAPS}. */
    private final float[][] lines;
    /**
     * Sums of the target rows that are not complete or wait for their block, row {@code y} at {@code y % sums.length}.
     */
    private final float[][] sums;
    /** The last pixels of a block's rows, pixel {@code x} of all of them at {@code x % pixels.length}. */
    private final float[][] pixels;

    private final byte[] result;
    private int nextRow;
    private int firstOpen;

    /** A resize of {@code fromWidth × fromHeight} to {@code width × height} pixels, all at least 1. */
    Resampler(int fromWidth, int fromHeight, int width, int height) {
        this(fromWidth, fromHeight, 1, width, height);
    }

    /**
     * A resize of a picture of {@code fullWidth × fullHeight} pixels of which every pixel that is added stands for a
     * square of {@code reduction} pixels, but for those at the right and lower edge, which may stand for less.
     */
    Resampler(int fullWidth, int fullHeight, int reduction, int width, int height) {
        int fromWidth = (fullWidth + reduction - 1) / reduction;
        int fromHeight = (fullHeight + reduction - 1) / reduction;
        this.columns = KNOWN.get(new Extent(fromWidth, (double) fullWidth / reduction, width));
        this.rows = KNOWN.get(new Extent(fromHeight, (double) fullHeight / reduction, height));
        this.same = reduction == 1 && fromWidth == width && fromHeight == height;
        this.groups = new int[columns.groups() * 3];
        this.lines = new float[TAPS][groups.length];
        this.sums = new float[same ? 0 : Math.min(height, rows.targetsOfAGroup() + BLOCK - 1)][groups.length];
        this.pixels = new float[columns.mostWeights()][BLOCK * 3];
        this.result = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    }

    @Override
    public void add(byte[] rgb) {
        int y = nextRow++;
        if (same) {
            System.arraycopy(rgb, 0, result, y * rgb.length, rgb.length);
        } else if (columns.groupSize == 1 && rows.groupSize == 1) {
            float[] line = lines[y % TAPS];
            for (int i = 0; i < line.length; i++) {
                line[i] = rgb[i] & 0xff;
            }
            addLine(y);
        } else {
            addToGroups(rgb);
            if ((y + 1) % rows.groupSize == 0 || y + 1 == rows.from) {
                int group = y / rows.groupSize;
                average(y % rows.groupSize + 1, lines[group % TAPS]);
                addLine(group);
            }
        }
    }

    @Override
    public byte[] finish() {
        return result;
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

    private void average(int rowsInGroup, float[] line) {
        int last = groups.length - 3;
        float share = 1f / (rowsInGroup * columns.groupSize);
        for (int i = 0; i < last; i++) {
            line[i] = groups[i] * share;
        }
        float lastShare = 1f / (rowsInGroup * columns.lastGroupSize());
        for (int i = last; i < groups.length; i++) {
            line[i] = groups[i] * lastShare;
        }
        Arrays.fill(groups, 0);
    }

    /** Adds the lines up to this one where they are {@link #TAPS}, or the last. */
    private void addLine(int group) {
        int first = group / TAPS * TAPS;
        if (group < first + TAPS - 1 && group < rows.groups() - 1) {
            return;
        }
        for (int row = firstOpen; row < rows.to && rows.start[row] <= first; row++) {
            float[] sum = sums[row % sums.length];
            int tap = first - rows.start[row];
            if (tap == 0) {
                Arrays.fill(sum, 0);
            }
            add(rows.weights[row], tap, lines, 0, sum);
            if (tap + TAPS == rows.weights[row].length) {
                firstOpen = row + 1;
                if (firstOpen % BLOCK == 0 || firstOpen == rows.to) {
                    resize(row / BLOCK * BLOCK, firstOpen);
                }
            }
        }
    }

    private static void add(float[] weights, int tap, float[][] lines, int at, float[] sum) {
        float byA = weights[tap];
        float byB = weights[tap + 1];
        float byC = weights[tap + 2];
        float byD = weights[tap + 3];
        float[] a = lines[at];
        float[] b = lines[at + 1];
        float[] c = lines[at + 2];
        float[] d = lines[at + 3];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = sum[i] + byA * a[i] + byB * b[i] + byC * c[i] + byD * d[i];
        }
    }

    /** Resizes the columns of the rows from {@code from} to before {@code end}. */
    private void resize(int from, int end) {
        float[][] block = new float[end - from][];
        for (int i = 0; i < block.length; i++) {
            block[i] = sums[(from + i) % sums.length];
        }
        float[] values = new float[BLOCK * 3];
        int next = 0;
        for (int x = 0; x < columns.to; x++) {
            float[] weights = columns.weights[x];
            int first = columns.start[x];
            for (; next < Math.min(first + weights.length, columns.groups()); next++) {
                take(block, next * 3, pixels[next % pixels.length]);
            }
            Arrays.fill(values, 0);
            for (int tap = 0; tap < weights.length; tap += TAPS) {
                add(weights, tap, pixels, (first + tap) % pixels.length, values);
            }
            write(values, block.length, (from * columns.to + x) * 3);
        }
    }

    /** Lays a pixel of every row side by side. */
    private static void take(float[][] block, int at, float[] pixel) {
        int i = 0;
        for (float[] row : block) {
            pixel[i] = row[at];
            pixel[i + 1] = row[at + 1];
            pixel[i + 2] = row[at + 2];
            i += 3;
        }
    }

    private void write(float[] values, int count, int at) {
        int target = at;
        for (int i = 0; i < count * 3; i += 3) {
            result[target] = toByte(values[i]);
            result[target + 1] = toByte(values[i + 1]);
            result[target + 2] = toByte(values[i + 2]);
            target += columns.to * 3;
        }
    }

    private static byte toByte(float value) {
        return (byte) Math.max(0, Math.min(255, (int) (value + 0.5f)));
    }

    /**
     * What is known of an axis before it is resized.
     *
     * @param length what {@code from} positions stand for, above {@code from - 1}
     */
    private record Extent(int from, double length, int to) {}

    /**
     * How one axis is resized: neighbours are averaged in groups, and each target position is a weighted sum of groups.
     *
     * @param groupSize source positions averaged to one, but for the last group, which may be smaller
     * @param start the first group that counts in a target position, or one before it: a multiple of {@link #TAPS}
     * @param weights of the groups from there on, summing to 1, 0 for those that do not count; as many as a multiple of
     *     {@link #TAPS}, which may be more than there are groups
     */
    @SuppressWarnings("ArrayRecordComponent") // tables of this class only
    private record Axis(int from, int to, int groupSize, int[] start, float[][] weights) {
        private static final int LOBES = 3;

        /** Groups left to be resized to one target position, at least. */
        private static final int FINE = 6;

        static Axis of(Extent extent) {
            int from = extent.from;
            int to = extent.to;
            double length = extent.length;
            int groupSize = Math.max(1, from / (FINE * to));
            int groups = (from + groupSize - 1) / groupSize;
            int[] start = new int[to];
            float[][] weights = new float[to][];
            for (int target = 0; target < to; target++) {
                double centre = (target + 0.5) * length / to / groupSize;
                double scale = Math.max(1, length / to / groupSize);
                double reach = (from > to ? LOBES : 1) * scale;
                int first = Math.max(0, (int) Math.floor(centre - reach + 0.5));
                int end = Math.min(groups, Math.max(first + 1, (int) Math.ceil(centre + reach - 0.5)));
                first = Math.min(first, end - 1);
                float[] exact = weights(first, end, centre, scale, from > to);
                start[target] = first / TAPS * TAPS;
                weights[target] = new float[(end + TAPS - 1) / TAPS * TAPS - start[target]];
                System.arraycopy(exact, 0, weights[target], first - start[target], exact.length);
            }
            return new Axis(from, to, groupSize, start, weights);
        }

        int groups() {
            return (from + groupSize - 1) / groupSize;
        }

        int lastGroupSize() {
            return from - (groups() - 1) * groupSize;
        }

        int mostWeights() {
            int most = 0;
            for (float[] ofATarget : weights) {
                most = Math.max(most, ofATarget.length);
            }
            return most;
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

        /** Returns how many target positions one group counts in, at most. */
        int targetsOfAGroup() {
            int most = 0;
            int first = 0;
            for (int target = 0; target < to; target++) {
                while (start[first] + weights[first].length <= start[target]) {
                    first++;
                }
                most = Math.max(most, target - first + 1);
            }
            return most;
        }
    }
}
