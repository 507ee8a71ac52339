package io.captioner.image;

/**
 * A separable resize fed row by row: area averaging along an axis that shrinks, bilinear along one that grows, a plain
 * copy along one that stays.
 *
 * <p>Every source pixel counts with the part of it that lies under the target pixel, so nothing aliases. Holds one
 * float a target value; arithmetic is strict IEEE in a fixed order, so the same rows give the same bytes on every
 * machine. For one thread.
 */
final class Resampler {
    private final Axis columns;
    private final Axis rows;
    private final int width;
    private final boolean same;
    private final byte[] copied;
    private final float[] sums;
    private final float[] line;
    private int nextRow;

    /** A resize of {@code fromWidth × fromHeight} to {@code width × height} pixels, all at least 1. */
    Resampler(int fromWidth, int fromHeight, int width, int height) {
        this.columns = Axis.of(fromWidth, width);
        this.rows = Axis.of(fromHeight, height);
        this.width = width;
        this.same = fromWidth == width && fromHeight == height;
        int values = Math.multiplyExact(Math.multiplyExact(width, height), 3);
        this.copied = new byte[same ? values : 0];
        this.sums = new float[same ? 0 : values];
        this.line = new float[width * 3];
    }

    /** Takes the next source row, top to bottom, as RGB bytes. */
    void add(byte[] rgb) {
        int y = nextRow++;
        if (same) {
            System.arraycopy(rgb, 0, copied, y * line.length, line.length);
            return;
        }
        resizeLine(rgb);
        for (int row = rows.firstTarget[y]; row < rows.length && rows.start[row] <= y; row++) {
            float weight = rows.weight(row, y);
            int at = row * line.length;
            for (int i = 0; i < line.length; i++) {
                sums[at + i] += weight * line[i];
            }
        }
    }

    /** Returns the resized RGB bytes once every source row was added. */
    byte[] finish() {
        if (same) {
            return copied;
        }
        byte[] rgb = new byte[sums.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Math.min(255, (int) (sums[i] + 0.5f));
        }
        return rgb;
    }

    private void resizeLine(byte[] rgb) {
        for (int x = 0; x < width; x++) {
            float[] weights = columns.weights[x];
            float red = 0;
            float green = 0;
            float blue = 0;
            int from = columns.start[x] * 3;
            for (float weight : weights) {
                red += weight * (rgb[from] & 0xff);
                green += weight * (rgb[from + 1] & 0xff);
                blue += weight * (rgb[from + 2] & 0xff);
                from += 3;
            }
            line[3 * x] = red;
            line[3 * x + 1] = green;
            line[3 * x + 2] = blue;
        }
    }

    /**
     * The source span and weights of every target position along one axis; {@code firstTarget[s]} is the first target
     * position that source position {@code s} may count in.
     */
    private record Axis(int length, int[] start, float[][] weights, int[] firstTarget) {
        static Axis of(int from, int to) {
            int[] start = new int[to];
            float[][] weights = new float[to][];
            for (int target = 0; target < to; target++) {
                if (from >= to) {
                    area(from, to, target, start, weights);
                } else {
                    bilinear(from, to, target, start, weights);
                }
            }
            int[] firstTarget = new int[from];
            int target = 0;
            for (int source = 0; source < from; source++) {
                while (target < to - 1 && start[target] + weights[target].length <= source) {
                    target++;
                }
                firstTarget[source] = target;
            }
            return new Axis(to, start, weights, firstTarget);
        }

        /** Overlaps in units of 1/to of a source pixel: whole numbers, so weights are exact before the one division. */
        private static void area(int from, int to, int target, int[] start, float[][] weights) {
            long left = (long) target * from;
            long right = left + from;
            int first = (int) (left / to);
            int last = (int) ((right - 1) / to);
            start[target] = first;
            weights[target] = new float[last - first + 1];
            for (int source = first; source <= last; source++) {
                long overlap = Math.min(right, (source + 1L) * to) - Math.max(left, (long) source * to);
                weights[target][source - first] = (float) overlap / from;
            }
        }

        private static void bilinear(int from, int to, int target, int[] start, float[][] weights) {
            double centre = Math.max(0, Math.min(from - 1.0, (target + 0.5) * from / to - 0.5));
            int first = Math.min((int) centre, Math.max(0, from - 2));
            float second = (float) (centre - first);
            start[target] = first;
            weights[target] = from == 1 ? new float[] {1} : new float[] {1 - second, second};
        }

        float weight(int target, int source) {
            int at = source - start[target];
            return at < weights[target].length ? weights[target][at] : 0;
        }
    }
}
