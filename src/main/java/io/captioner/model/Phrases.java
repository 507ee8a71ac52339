package io.captioner.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which words and pairs of words people are likely to write of an image: {@code phrases.bin} of a bundle. The share of
 * people's captions that have one is a linear function of the image's direction, fitted to the training photos. Phrases
 * that few of these photos have are left out. Immutable.
 *
 * <p>The file holds, in little-endian order: the characters {@value #NAME}, int32 number of training photos, int32 G,
 * int32 K, then for each of G phrases int64 phrase, int32 number of photos that have it, float32 constant, float32
 * scale, int8 slopes divided by the scale [K]. A phrase is the id of a word, or 2^32 times one more than the id of a
 * word plus the id of the next one; they ascend.
 */
public final class Phrases {
    private static final String NAME = "PHR1";
    private static final int HEADER = 3 * Integer.BYTES;
    private static final int FIELDS = Long.BYTES + Integer.BYTES + 2 * Float.BYTES;
    private static final int SCALE = 127;
    private static final int LEAST_PHOTOS = 8;

    private final NgramWeights weights;
    private final float[] constants; // [G]
    private final float[] scales; // [G]
    private final byte[][] slopes; // [G][K]
    private final ColumnMatrix matrix; // of the slopes times their scales

    /** Fits a linear function. */
    @FunctionalInterface
    public interface Regression {
        /**
         * Returns the slopes of the function of x for each y, [G][K].
         *
         * @param x [N][K]
         * @param y [N][G]
         */
        float[][] slopes(float[][] x, float[][] y);
    }

    /**
     * Learns from training photos.
     *
     * @param directions the photos' {@link Familiarity#direction}, [N][K], N at least 1
     * @param captions ids of the words of each caption of each photo, [N][][]; at least one caption each
     */
    public static Phrases of(float[][] directions, int[][][] captions, Regression regression) {
        NgramWeights weights = NgramWeights.of(captions).inAtLeast(LEAST_PHOTOS);
        int count = weights.ngrams().length;
        float[][] shares = Arrays.stream(captions).map(weights::shares).toArray(float[][]::new);
        float[][] exact = regression.slopes(directions, shares);
        float[] scales = new float[count];
        byte[][] slopes = new byte[count][directions[0].length];
        for (int g = 0; g < count; g++) {
            for (float slope : exact[g]) {
                scales[g] = Math.max(scales[g], Math.abs(slope) / SCALE);
            }
            for (int k = 0; k < slopes[g].length; k++) {
                slopes[g][k] = scales[g] == 0 ? 0 : (byte) Math.round(exact[g][k] / scales[g]);
            }
        }
        float[] constants = means(shares, count);
        float[] centre = means(directions, directions[0].length);
        for (int g = 0; g < count; g++) {
            for (int k = 0; k < centre.length; k++) {
                constants[g] -= centre[k] * slopes[g][k] * scales[g];
            }
        }
        return new Phrases(weights, constants, scales, slopes, directions[0].length);
    }

    private Phrases(NgramWeights weights, float[] constants, float[] scales, byte[][] slopes, int width) {
        this.weights = weights;
        this.constants = constants;
        this.scales = scales;
        this.slopes = slopes;
        float[][] columns = new float[width][slopes.length];
        for (int k = 0; k < width; k++) {
            for (int g = 0; g < slopes.length; g++) {
                columns[k][g] = slopes[g][k] * scales[g];
            }
        }
        this.matrix = new ColumnMatrix(columns);
    }

    private static float[] means(float[][] rows, int width) {
        float[] means = new float[width];
        for (float[] row : rows) {
            for (int i = 0; i < width; i++) {
                means[i] += row[i] / rows.length;
            }
        }
        return means;
    }

    /** Returns K, the length of a direction. */
    public int dimensions() {
        return matrix.width();
    }

    /**
     * Returns how much each caption of images resembles what people are expected to write, 0 to 1, [N][captions]: the
     * mean of the cosines of words and of pairs of words, weighed by their inverse document frequencies.
     *
     * @param images their {@link Familiarity#direction}, [N][K]
     * @param captions ids of the words of each caption of each image
     */
    public double[][] likeness(float[][] images, List<List<int[]>> captions) {
        float[][] shares = matrix.times(images);
        return IntStream.range(0, images.length)
                .mapToObj(image -> {
                    for (int g = 0; g < constants.length; g++) {
                        shares[image][g] = Math.max(0, shares[image][g] + constants[g]);
                    }
                    return weights.likeness(shares[image], captions.get(image));
                })
                .toArray(double[][]::new);
    }

    /**
     * Reads the file of a bundle.
     *
     * @return null if the bundle has none
     * @throws BrokenBundleException if it is malformed
     */
    public static @Nullable Phrases read(Path bundle) {
        return BinaryFile.read(bundle.resolve(Bundle.PHRASES), NAME, HEADER, Phrases::parse);
    }

    private static Phrases parse(ByteBuffer bytes) {
        int photos = bytes.getInt();
        int count = bytes.getInt();
        int width = bytes.getInt();
        if (photos < 1 || count < 0 || width < 1 || (long) count * (FIELDS + (long) width) != bytes.remaining()) {
            throw new IllegalArgumentException(
                    "%d bytes for %d phrases with %d slopes".formatted(bytes.capacity(), count, width));
        }
        long[] ngrams = new long[count];
        int[] frequencies = new int[count];
        float[] constants = new float[count];
        float[] scales = new float[count];
        byte[][] slopes = new byte[count][width];
        for (int g = 0; g < count; g++) {
            ngrams[g] = bytes.getLong();
            frequencies[g] = bytes.getInt();
            constants[g] = bytes.getFloat();
            scales[g] = bytes.getFloat();
            bytes.get(slopes[g]);
            boolean ascends = g == 0 ? ngrams[0] >= 0 : ngrams[g] > ngrams[g - 1];
            if (!ascends || frequencies[g] < 1 || !Float.isFinite(constants[g]) || !Float.isFinite(scales[g])) {
                throw new IllegalArgumentException(
                        "phrase %d is %d, of %d photos, with the constant %s and the scale %s"
                                .formatted(g, ngrams[g], frequencies[g], constants[g], scales[g]));
            }
        }
        return new Phrases(new NgramWeights(photos, ngrams, frequencies), constants, scales, slopes, width);
    }

    /** Writes what {@link #read} reads. */
    public void write(Path bundle) throws IOException {
        ByteBuffer bytes = BinaryFile.begin(NAME, HEADER + slopes.length * (FIELDS + dimensions()));
        List.of(weights.photos(), slopes.length, dimensions()).forEach(bytes::putInt);
        for (int g = 0; g < slopes.length; g++) {
            bytes.putLong(weights.ngrams()[g])
                    .putInt(weights.frequencies()[g])
                    .putFloat(constants[g])
                    .putFloat(scales[g])
                    .put(slopes[g]);
        }
        Files.write(bundle.resolve(Bundle.PHRASES), bytes.array());
    }
}
