package io.captioner.image;

/**
 * TensorFlow 1's {@code resize_bilinear} without aligned corners: position {@code i} lies at {@code i * from / to} of
 * the source, between two of its positions, however much the picture shrinks. A pixel of the result has nine bytes: the
 * whole parts of RGB, the 256th parts, and the 256th parts of those.
 */
final class CornerBilinear implements RowResampler {
    /** Bytes of a value: with fewer, captions of deep networks have other probabilities in the third digit. */
    static final int BYTES = 3;

    private static final int RGB = 3;

    private final Axis columns;
    private final Axis rows;
    private final int fromHeight;
    private float[] above;
    private float[] line;
    private final byte[] result;
    private int nextRow;
    private int nextTarget;

    CornerBilinear(int fromWidth, int fromHeight, int width, int height) {
        this.columns = Axis.of(fromWidth, width);
        this.rows = Axis.of(fromHeight, height);
        this.fromHeight = fromHeight;
        this.above = new float[width * RGB];
        this.line = new float[width * RGB];
        this.result = new byte[Math.multiplyExact(Math.multiplyExact(width, height), BYTES * RGB)];
    }

    @Override
    public void add(byte[] rgb) {
        int y = nextRow++;
        float[] free = above;
        above = line;
        line = free;
        resizeLine(rgb);
        // A target row is written with the lower of its two source rows.
        while (nextTarget < rows.low.length && Math.min(rows.low[nextTarget] + 1, fromHeight - 1) <= y) {
            int low = rows.low[nextTarget];
            write(low == y ? line : above, nextTarget);
            nextTarget++;
        }
    }

    @Override
    public byte[] finish() {
        return result;
    }

    private void resizeLine(byte[] rgb) {
        int last = rgb.length / RGB - 1;
        int to = 0;
        for (int x = 0; x < columns.low.length; x++) {
            int left = columns.low[x] * RGB;
            int right = Math.min(columns.low[x] + 1, last) * RGB;
            for (int channel = 0; channel < RGB; channel++) {
                float from = rgb[left + channel] & 0xff;
                line[to++] = from + ((rgb[right + channel] & 0xff) - from) * columns.share[x];
            }
        }
    }

    private void write(float[] top, int row) {
        float share = rows.share[row];
        int at = row * columns.low.length * BYTES * RGB;
        for (int i = 0; i < top.length; i += RGB) {
            for (int channel = 0; channel < RGB; channel++) {
                float value = top[i + channel] + (line[i + channel] - top[i + channel]) * share;
                int fixed = Math.round(value * 65_536);
                result[at + channel] = (byte) (fixed >> 16);
                result[at + RGB + channel] = (byte) (fixed >> 8);
                result[at + 2 * RGB + channel] = (byte) fixed;
            }
            at += BYTES * RGB;
        }
    }

    /**
     * Where target positions lie.
     *
     * @param low the source position before each
     * @param share how far it lies towards the next, from 0 to below 1
     */
    @SuppressWarnings("ArrayRecordComponent") // tables of this class only
    private record Axis(int[] low, float[] share) {
        static Axis of(int from, int to) {
            float scale = from / (float) to;
            int[] low = new int[to];
            float[] share = new float[to];
            for (int i = 0; i < to; i++) {
                float place = i * scale;
                low[i] = Math.min((int) Math.floor(place), from - 1);
                share[i] = place - low[i];
            }
            return new Axis(low, share);
        }
    }
}
