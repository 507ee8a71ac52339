package io.captioner.training.encoder;

import io.captioner.image.ImageSize;

/**
 * Enlargement of RGB pixels with the cubic kernel of Keys (1981), a = -0.5, in Pillow's fixed point: columns first,
 * then rows, each rounded to bytes.
 */
final class PillowBicubic {
    private static final int BITS = 22;

    private PillowBicubic() {}

    static byte[] resize(byte[] rgb, ImageSize from, ImageSize to) {
        if (from.equals(to)) {
            return rgb;
        }
        byte[] wide = new byte[from.height() * to.width() * 3];
        for (int row = 0; row < from.height(); row++) {
            line(rgb, row * from.width() * 3, 3, from.width(), wide, row * to.width() * 3, 3, to.width());
        }
        byte[] resized = new byte[to.height() * to.width() * 3];
        for (int column = 0; column < to.width(); column++) {
            int step = to.width() * 3;
            line(wide, column * 3, step, from.height(), resized, column * 3, step, to.height());
        }
        return resized;
    }

    private static void line(byte[] source, int at, int step, int from, byte[] target, int into, int by, int to) {
        double scale = (double) from / to;
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale;
            int first = Math.max(0, (int) (centre - 2 + 0.5));
            int end = Math.min(from, (int) (centre + 2 + 0.5));
            double[] weights = new double[end - first];
            double total = 0;
            for (int k = 0; k < weights.length; k++) {
                weights[k] = kernel(first + k - centre + 0.5);
                total += weights[k];
            }
            for (int channel = 0; channel < 3; channel++) {
                long sum = 1 << BITS - 1;
                for (int k = 0; k < weights.length; k++) {
                    long weight = Math.round(weights[k] / total * (1 << BITS));
                    sum += weight * Byte.toUnsignedInt(source[at + (first + k) * step + channel]);
                }
                target[into + i * by + channel] = (byte) Math.max(0, Math.min(255, sum >> BITS));
            }
        }
    }

    private static double kernel(double distance) {
        double x = Math.abs(distance);
        if (x < 1) {
            return (1.5 * x - 2.5) * x * x + 1;
        }
        return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    }
}
