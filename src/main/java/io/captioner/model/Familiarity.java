package io.captioner.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place of the training photos in the space of mean annotation vectors, and how far an image lies from it:
 * {@code familiarity.bin} of a bundle. The space is that of the K main axes of the training photos, each divided by its
 * standard deviation, and one coordinate more for what lies outside of them. Immutable.
 *
 * <p>The file holds, in little-endian order: the characters {@value #NAME}, int32 D, int32 K, int32 Q, then float32
 * mean [D], axes [K, D], each divided by the standard deviation along it, the standard deviation of the rest [], and
 * distances of held-out photos [Q] in ascending order, at equal shares of the photos.
 */
public final class Familiarity {
    private static final String NAME = "FAM1";
    private static final int HEADER = 3 * Integer.BYTES;
    private static final double LEAST = 1e-3; // of a division
    private static final int MAX_WIDTH = 1 << 16;

    private final float[] mean;
    private final double[][] columns; // of the axes, [D][K]: the compiler adds several of their values at a time
    private final double[] squaredLengths; // of the axes, [K]
    private final float rest;
    private final float[] heldOut;

    /**
     * Takes the constants.
     *
     * @param mean mean vector of the training photos, [D]
     * @param axes the main axes, orthogonal, each of the length 1 / standard deviation along it, [K][D]
     * @param rest square root of the mean squared distance of training photos from the space of the axes, above 0
     * @param heldOut distances of photos of the training's kind that were not trained on, ascending, at least 2
     * @throws IllegalArgumentException if they do not fit each other
     */
    @SuppressWarnings("ArrayRecordComponent")
    public Familiarity(float[] mean, float[][] axes, float rest, float[] heldOut) {
        boolean fits = heldOut.length >= 2 && rest > 0 && Float.isFinite(rest) && axes.length >= 1;
        for (float[] axis : axes) {
            fits &= axis.length == mean.length;
        }
        for (int i = 1; i < heldOut.length; i++) {
            fits &= heldOut[i] >= heldOut[i - 1];
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "%d axes for vectors of %d values, rest %s, %d distances: axes must be as long as vectors, rest above 0, and at least 2 distances ascend"
                            .formatted(axes.length, mean.length, rest, heldOut.length));
        }
        this.mean = mean.clone();
        this.columns = new double[mean.length][axes.length];
        this.squaredLengths = new double[axes.length];
        for (int k = 0; k < axes.length; k++) {
            for (int d = 0; d < mean.length; d++) {
                double value = axes[k][d];
                columns[d][k] = value;
                squaredLengths[k] += value * value;
            }
        }
        this.rest = rest;
        this.heldOut = heldOut.clone();
    }

    /** Returns K + 1, the length of {@link #position}. */
    public int dimensions() {
        return squaredLengths.length + 1;
    }

    /**
     * Returns the coordinates of an image: along each axis in standard deviations, and its distance from the space of
     * the axes over that of training photos; [K + 1].
     *
     * @param features its mean annotation vector, [D]
     */
    public float[] position(float[] features) {
        if (features.length != mean.length) {
            throw new IllegalArgumentException("vectors of %d values, not %d".formatted(features.length, mean.length));
        }
        double[] along = new double[squaredLengths.length];
        double outside = 0;
        for (int d = 0; d < mean.length; d++) {
            double difference = features[d] - mean[d];
            outside += difference * difference;
            add(difference, columns[d], along);
        }
        float[] position = new float[dimensions()];
        for (int k = 0; k < along.length; k++) {
            position[k] = (float) along[k];
            outside -= along[k] * along[k] / squaredLengths[k]; // an axis' length is 1 / its standard deviation
        }
        position[along.length] = (float) (Math.sqrt(Math.max(0, outside)) / rest);
        return position;
    }

    private static void add(double weight, double[] column, double[] sums) {
        for (int k = 0; k < sums.length; k++) {
            sums[k] += weight * column[k];
        }
    }

    /**
     * Returns the direction in which an image lies from the mean of the training photos, by which images are compared:
     * a vector of length 1 whose values are coordinates times the square root of the axis' standard deviation, so that
     * axes along which photos differ most count more, but less than in the space of the features; [K].
     *
     * @param position as {@link #position} gives it
     */
    public float[] direction(float[] position) {
        float[] direction = new float[squaredLengths.length];
        double sum = 0;
        for (int k = 0; k < direction.length; k++) {
            double value = position[k] / directionDivisor(k);
            direction[k] = (float) value;
            sum += value * value;
        }
        float length = (float) Math.max(Float.MIN_NORMAL, Math.sqrt(sum));
        for (int k = 0; k < direction.length; k++) {
            direction[k] /= length;
        }
        return direction;
    }

    /** Returns what a coordinate along an axis is divided by: 1 over the square root of its standard deviation. */
    private double directionDivisor(int axis) {
        return Math.pow(squaredLengths[axis], 0.25);
    }

    /** Returns the mean annotation vector of the training photos, [D]. */
    public float[] mean() {
        return mean.clone();
    }

    /**
     * Returns the matrix [D][K] that takes differences from the mean to vectors of the {@link #direction}, of any
     * length.
     */
    public float[][] projection() {
        float[][] projection = new float[mean.length][squaredLengths.length];
        for (int d = 0; d < projection.length; d++) {
            for (int k = 0; k < squaredLengths.length; k++) {
                projection[d][k] = (float) (columns[d][k] / directionDivisor(k));
            }
        }
        return projection;
    }

    /**
     * Returns how far an image lies from the training photos: about 1 for one of them, more the further out. It is what
     * lies outside of the main axes over what lies along them, for noise, drawings and photos of other kinds differ
     * from the mean photo where training photos do not, and little where those do: their distance along the main axes
     * alone is small.
     *
     * @param position as {@link #position} gives it
     */
    public static double distance(float[] position) {
        int axes = position.length - 1;
        double sum = 0;
        for (int k = 0; k < axes; k++) {
            sum += position[k] * position[k];
        }
        return position[axes] / Math.max(LEAST, Math.sqrt(sum / axes));
    }

    /**
     * Returns the share of the held-out photos that lie at least as far out, 0 to 1; between two of them linearly.
     *
     * @param distance as {@link #distance} gives it
     */
    public double share(double distance) {
        int last = heldOut.length - 1;
        if (!(distance < heldOut[last])) {
            return 0;
        }
        if (distance <= heldOut[0]) {
            return 1;
        }
        int above = Arrays.binarySearch(heldOut, (float) distance);
        if (above < 0) {
            above = -above - 1;
        }
        above = Math.max(1, Math.min(last, above));
        double low = heldOut[above - 1];
        double high = heldOut[above];
        double within = high > low ? (distance - low) / (high - low) : 0;
        return 1 - (above - 1 + Math.min(1, Math.max(0, within))) / last;
    }

    /**
     * Reads the file of a bundle.
     *
     * @return null if the bundle has none
     * @throws BrokenBundleException if it is malformed
     */
    public static @Nullable Familiarity read(Path bundle) {
        return BinaryFile.read(bundle.resolve(Bundle.FAMILIARITY), NAME, HEADER, Familiarity::parse);
    }

    private static Familiarity parse(ByteBuffer bytes) {
        int width = bytes.getInt();
        int count = bytes.getInt();
        int quantiles = bytes.getInt();
        boolean sizes = width >= 1 && width <= MAX_WIDTH && count >= 1 && count <= width && quantiles >= 2;
        if (!sizes || bytes.remaining() != Float.BYTES * (width + (long) count * width + 1 + quantiles)) {
            throw new IllegalArgumentException("%d bytes for %d axes of %d values and %d distances"
                    .formatted(bytes.capacity(), count, width, quantiles));
        }
        FloatBuffer floats = bytes.asFloatBuffer();
        float[] mean = take(floats, width);
        float[][] axes = new float[count][];
        for (int k = 0; k < count; k++) {
            axes[k] = take(floats, width);
        }
        return new Familiarity(mean, axes, floats.get(), take(floats, quantiles));
    }

    /** Writes what {@link #read} reads. */
    public void write(Path bundle) throws IOException {
        int axes = squaredLengths.length;
        int floats = mean.length * (1 + axes) + 1 + heldOut.length;
        ByteBuffer bytes = BinaryFile.begin(NAME, HEADER + Float.BYTES * floats);
        List.of(mean.length, axes, heldOut.length).forEach(bytes::putInt);
        FloatBuffer values = bytes.asFloatBuffer().put(mean);
        for (int k = 0; k < axes; k++) {
            for (double[] column : columns) {
                values.put((float) column[k]);
            }
        }
        values.put(rest).put(heldOut);
        Files.write(bundle.resolve(Bundle.FAMILIARITY), bytes.array());
    }

    private static float[] take(FloatBuffer from, int count) {
        float[] values = new float[count];
        from.get(values);
        return values;
    }
}
