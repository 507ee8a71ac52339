package io.captioner.model;

import io.captioner.model.NgramWeights.WeighedCaption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What people wrote of the training photos that are most like an image: {@code neighbours.bin} of a bundle. A caption
 * has support by as much as it resembles what they wrote; of several captions, that with the most is the consensus
 * caption of Devlin et al. 2015 (arXiv:1505.04467, section 3). Immutable.
 *
 * <p>The file holds, in little-endian order: the characters {@value #NAME}, int32 N, int32 K, int8 directions of the
 * photos times 127 [N, K], then for each photo int32 the number of its captions, and for each of them int32 the number
 * of its words and their ids.
 */
public final class Neighbours {
    private static final String NAME = "NBR1";
    private static final int HEADER = 2 * Integer.BYTES;
    private static final int NEAREST = 20;

    /** What a direction of length 1 is multiplied by before it is rounded. */
    public static final int SCALE = 127;

    /** What the cosines of near photos are multiplied by before the softmax that weighs them. */
    public static final double SHARPNESS = 20;

    private final byte[][] rounded; // directions times SCALE, [N][K]
    private final ColumnMatrix directions; // [N][K]
    private final NgramWeights weights;
    private final int[][][] captions; // ids of words, [N][][]
    private final AtomicReferenceArray<List<WeighedCaption>> weighed; // of a photo once it has been near

    /**
     * Takes training photos.
     *
     * @param directions the photo's {@link Familiarity#direction}, [N][K], N at least 1
     * @param captions ids of the words of each caption of each photo, [N][][]; at least one caption each
     * @throws IllegalArgumentException if they do not fit each other
     */
    public static Neighbours of(float[][] directions, int[][][] captions) {
        byte[][] rounded = new byte[directions.length][];
        for (int n = 0; n < rounded.length; n++) {
            rounded[n] = new byte[directions[n].length];
            for (int k = 0; k < rounded[n].length; k++) {
                rounded[n][k] = (byte) Math.round(directions[n][k] * SCALE);
            }
        }
        return new Neighbours(rounded, captions);
    }

    private Neighbours(byte[][] rounded, int[][][] captions) {
        boolean fits = rounded.length >= 1
                && captions.length == rounded.length
                && Arrays.stream(rounded).allMatch(one -> one.length >= 1 && one.length == rounded[0].length)
                && Arrays.stream(captions).allMatch(ofPhoto -> ofPhoto.length >= 1);
        if (!fits) {
            throw new IllegalArgumentException(
                    "%d directions and %d lists of captions: each photo must have a direction, all as long, and a caption"
                            .formatted(rounded.length, captions.length));
        }
        float[][] columns = new float[rounded[0].length][rounded.length];
        for (int k = 0; k < columns.length; k++) {
            for (int n = 0; n < rounded.length; n++) {
                columns[k][n] = rounded[n][k] / (float) SCALE;
            }
        }
        this.rounded = rounded;
        this.directions = new ColumnMatrix(columns);
        this.weights = NgramWeights.of(captions);
        this.captions = captions;
        this.weighed = new AtomicReferenceArray<>(captions.length);
    }

    /** Returns K, the length of a direction. */
    public int dimensions() {
        return directions.width();
    }

    /** Returns the directions of the photos times {@value #SCALE}, rounded, [N][K]. */
    public byte[][] directions() {
        return rounded;
    }

    /** Returns the ids of the words of each caption of each photo, [N][][]. */
    public int[][][] captions() {
        return captions;
    }

    /**
     * Returns how much each caption of images resembles those of the {@value #NEAREST} nearest training photos, 0 to 1,
     * [N images][captions]: the mean over the photos, by the softmax of {@value #SHARPNESS} times their cosines, of the
     * mean over a photo's captions of the similarity. The similarity is the mean of the cosines of words and of pairs
     * of words, weighed by their inverse document frequencies.
     *
     * @param images their {@link Familiarity#direction}, [N images][K]
     * @param captions ids of the words of each caption of each image
     */
    public double[][] support(float[][] images, List<List<int[]>> captions) {
        float[][] cosines = directions.times(images);
        return IntStream.range(0, images.length)
                .mapToObj(image -> support(cosines[image], captions.get(image)))
                .toArray(double[][]::new);
    }

    /** @param cosines between the image and the photos, [N photos] */
    private double[] support(float[] cosines, List<int[]> hypotheses) {
        int[] nearest = nearest(cosines);
        double[] shares = new double[nearest.length];
        double total = 0;
        for (int i = 0; i < nearest.length; i++) {
            shares[i] = Math.exp(SHARPNESS * (cosines[nearest[i]] - cosines[nearest[0]]));
            total += shares[i];
        }
        double[] support = new double[hypotheses.size()];
        for (int h = 0; h < support.length; h++) {
            WeighedCaption hypothesis = weights.weigh(hypotheses.get(h));
            for (int i = 0; i < nearest.length; i++) {
                List<WeighedCaption> ofPhoto = weighed(nearest[i]);
                double sum = 0;
                for (WeighedCaption caption : ofPhoto) {
                    sum += hypothesis.similarity(caption);
                }
                support[h] += shares[i] / total * sum / ofPhoto.size();
            }
        }
        return support;
    }

    private List<WeighedCaption> weighed(int photo) {
        List<WeighedCaption> known = weighed.get(photo);
        if (known == null) {
            known = Arrays.stream(captions[photo]).map(weights::weigh).toList();
            weighed.set(photo, known);
        }
        return known;
    }

    /** Returns the places of the largest values, largest first. */
    private static int[] nearest(float[] cosines) {
        int[] nearest = new int[Math.min(NEAREST, cosines.length)];
        int found = 0;
        for (int n = 0; n < cosines.length; n++) {
            if (found == nearest.length && cosines[n] <= cosines[nearest[found - 1]]) {
                continue;
            }
            found = Math.min(found + 1, nearest.length);
            int at = found - 1;
            while (at > 0 && cosines[n] > cosines[nearest[at - 1]]) {
                nearest[at] = nearest[at - 1];
                at--;
            }
            nearest[at] = n;
        }
        return nearest;
    }

    /**
     * Reads the file of a bundle.
     *
     * @return null if the bundle has none
     * @throws BrokenBundleException if it is malformed
     */
    public static @Nullable Neighbours read(Path bundle) {
        return BinaryFile.read(bundle.resolve(Bundle.NEIGHBOURS), NAME, HEADER, Neighbours::parse);
    }

    private static Neighbours parse(ByteBuffer bytes) {
        int photos = bytes.getInt();
        int width = bytes.getInt();
        if (photos < 1 || width < 1 || (long) photos * width > bytes.remaining()) {
            throw new IllegalArgumentException(
                    "%d bytes for %d photos with directions of %d values".formatted(bytes.capacity(), photos, width));
        }
        byte[][] directions = new byte[photos][width];
        Arrays.stream(directions).forEach(bytes::get);
        IntBuffer words = bytes.asIntBuffer();
        int[][][] captions =
                Stream.generate(() -> captions(words)).limit(photos).toArray(int[][][]::new);
        if (words.hasRemaining()) {
            throw new IllegalArgumentException("goes on after the captions of %d photos".formatted(photos));
        }
        return new Neighbours(directions, captions);
    }

    private static int[][] captions(IntBuffer from) {
        int[][] captions = new int[bounded(from)][];
        for (int c = 0; c < captions.length; c++) {
            captions[c] = new int[bounded(from)];
            from.get(captions[c]);
        }
        return captions;
    }

    /** Reads a number of values that the rest can hold. */
    private static int bounded(IntBuffer from) {
        int count = from.hasRemaining() ? from.get() : -1;
        if (count < 0 || count > from.remaining()) {
            throw new IllegalArgumentException("ends within the captions of its photos");
        }
        return count;
    }

    /** Writes what {@link #read} reads. */
    public void write(Path bundle) throws IOException {
        int integers = Arrays.stream(captions)
                .mapToInt(ofPhoto -> 1
                        + Arrays.stream(ofPhoto)
                                .mapToInt(caption -> 1 + caption.length)
                                .sum())
                .sum();
        ByteBuffer bytes = BinaryFile.begin(NAME, HEADER + captions.length * dimensions() + integers * Integer.BYTES);
        bytes.putInt(captions.length).putInt(dimensions());
        Arrays.stream(rounded).forEach(bytes::put);
        IntBuffer words = bytes.asIntBuffer();
        for (int[][] ofPhoto : captions) {
            words.put(ofPhoto.length);
            for (int[] caption : ofPhoto) {
                words.put(caption.length).put(caption);
            }
        }
        Files.write(bundle.resolve(Bundle.NEIGHBOURS), bytes.array());
    }
}
