package io.captioner.model;

import io.captioner.text.Vocabulary;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What people wrote of the training photos that are most like an image: {@code neighbours.bin} of a bundle. A caption
 * has support by as much as it resembles what they wrote; of several captions, that with the most is the consensus
 * caption of Devlin et al. 2015 (arXiv:1505.04467, section 3). Immutable.
 *
 * <p>The file holds, in little-endian order: int32 {@value #MAGIC}, int32 N, int32 K, int8 directions of the photos
 * times 127 [N, K], then for each photo int32 the number of its captions, and for each of them int32 the number of its
 * words and their ids.
 */
public final class Neighbours {
    private static final int MAGIC = 0x3152424E; // "NBR1"
    private static final int HEADER = 3 * Integer.BYTES;
    private static final int SCALE = 127;
    private static final int NEAREST = 20;
    private static final double SHARPNESS = 20; // of the softmax of cosines
    private static final double LEAST = 1e-9; // of a division

    private final float[][] columns; // of the directions, [K][N]: the compiler adds several of their values at a time
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

    private Neighbours(byte[][] directions, int[][][] captions) {
        boolean fits = directions.length >= 1
                && captions.length == directions.length
                && Arrays.stream(directions).allMatch(one -> one.length >= 1 && one.length == directions[0].length)
                && Arrays.stream(captions).allMatch(ofPhoto -> ofPhoto.length >= 1);
        if (!fits) {
            throw new IllegalArgumentException(
                    "%d directions and %d lists of captions: each photo must have a direction, all as long, and a caption"
                            .formatted(directions.length, captions.length));
        }
        this.columns = new float[directions[0].length][directions.length];
        for (int k = 0; k < columns.length; k++) {
            for (int n = 0; n < directions.length; n++) {
                columns[k][n] = directions[n][k] / (float) SCALE;
            }
        }
        this.weights = NgramWeights.of(captions);
        this.captions = captions;
        this.weighed = new AtomicReferenceArray<>(captions.length);
    }

    /** Returns K, the length of a direction. */
    public int dimensions() {
        return columns.length;
    }

    /**
     * Returns the cosines between images and the training photos, [N images][N photos]. Those of several images at once
     * take less time than one after the other: each direction is read from memory once.
     *
     * @param directions the images' {@link Familiarity#direction}, [N images][K]
     */
    public float[][] cosines(float[][] directions) {
        float[][] cosines = new float[directions.length][captions.length];
        for (int k = 0; k < columns.length; k++) {
            for (int image = 0; image < directions.length; image++) {
                add(directions[image][k], columns[k], cosines[image]);
            }
        }
        return cosines;
    }

    /**
     * Returns how much each caption of an image resembles those of the {@value #NEAREST} nearest training photos, 0 to
     * 1: the mean over the photos, by the softmax of {@value #SHARPNESS} times their cosines, of the mean over a
     * photo's captions of the similarity. The similarity is the mean of the cosines of words and of pairs of words,
     * weighed by their inverse document frequencies.
     *
     * @param cosines between the image and the photos, as {@link #cosines} gives them
     * @param hypotheses ids of the words of each caption
     */
    public double[] support(float[] cosines, List<int[]> hypotheses) {
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

    private static void add(float weight, float[] column, float[] sums) {
        for (int n = 0; n < sums.length; n++) {
            sums[n] += weight * column[n];
        }
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

    /** Inverse document frequencies of words and of pairs of words; a document is all captions of a photo. */
    private record NgramWeights(int photos, long[] ngrams, int[] frequencies) {
        /** An unknown word, alone or in a pair; each is taken for one that a single photo has. */
        private static final long UNKNOWN = -1;

        static NgramWeights of(int[][][] captions) {
            long[] all = Arrays.stream(captions)
                    .flatMapToLong(NgramWeights::distinct)
                    .sorted()
                    .toArray();
            long[] ngrams = new long[all.length];
            int[] frequencies = new int[all.length];
            int count = 0;
            for (int i = 0; i < all.length; i++) {
                if (i == 0 || all[i] != all[i - 1]) {
                    ngrams[count++] = all[i];
                }
                frequencies[count - 1]++;
            }
            return new NgramWeights(captions.length, Arrays.copyOf(ngrams, count), Arrays.copyOf(frequencies, count));
        }

        private static LongStream distinct(int[][] ofPhoto) {
            long[] all = Arrays.stream(ofPhoto)
                    .flatMapToLong(words -> Arrays.stream(ngrams(words)))
                    .sorted()
                    .toArray();
            return IntStream.range(0, all.length)
                    .filter(i -> all[i] != UNKNOWN && (i == 0 || all[i] != all[i - 1]))
                    .mapToLong(i -> all[i]);
        }

        /** Returns the words, then the pairs. */
        private static long[] ngrams(int[] words) {
            long[] ngrams = new long[Math.max(0, 2 * words.length - 1)];
            for (int t = 0; t < words.length; t++) {
                boolean known = words[t] != Vocabulary.UNKNOWN;
                ngrams[t] = known ? words[t] : UNKNOWN;
                if (t > 0) {
                    boolean both = known && words[t - 1] != Vocabulary.UNKNOWN;
                    ngrams[words.length + t - 1] = both ? (words[t - 1] + 1L << Integer.SIZE) + words[t] : UNKNOWN;
                }
            }
            return ngrams;
        }

        WeighedCaption weigh(int[] words) {
            double[] squares =
                    Arrays.stream(ngrams(words)).mapToDouble(this::square).toArray();
            double[] ofPairs = new double[words.length];
            if (words.length > 0) {
                System.arraycopy(squares, words.length, ofPairs, 1, words.length - 1);
            }
            return WeighedCaption.of(words, Arrays.copyOf(squares, words.length), ofPairs);
        }

        private double square(long ngram) {
            int at = Arrays.binarySearch(ngrams, ngram);
            double inverse = Math.log(photos / (at < 0 ? 1.0 : frequencies[at]));
            return inverse * inverse;
        }
    }

    /**
     * A caption's words with their squared weights.
     *
     * @param ofWords by word, [T]
     * @param ofPairs of a word and the one before it, [T]; 0 for the first
     * @param wordLength length of the vector of its words
     * @param pairLength length of the vector of its pairs
     */
    private record WeighedCaption(
            int[] words, double[] ofWords, double[] ofPairs, double wordLength, double pairLength) {
        static WeighedCaption of(int[] words, double[] ofWords, double[] ofPairs) {
            double[] squares = new WeighedCaption(words, ofWords, ofPairs, 0, 0).products(words);
            return new WeighedCaption(words, ofWords, ofPairs, Math.sqrt(squares[0]), Math.sqrt(squares[1]));
        }

        double similarity(WeighedCaption other) {
            double[] products = products(other.words);
            return products[0] / Math.max(LEAST, 2 * wordLength * other.wordLength)
                    + products[1] / Math.max(LEAST, 2 * pairLength * other.pairLength);
        }

        private double[] products(int[] others) {
            double[] products = new double[2];
            for (int s = 0; s < words.length; s++) {
                for (int t = 0; t < others.length; t++) {
                    if (words[s] == others[t]) {
                        products[0] += ofWords[s];
                        if (s > 0 && t > 0 && words[s - 1] == others[t - 1]) {
                            products[1] += ofPairs[s];
                        }
                    }
                }
            }
            return products;
        }
    }

    /**
     * Reads the file of a bundle.
     *
     * @return null if the bundle has none
     * @throws BrokenBundleException if it is malformed
     */
    public static @Nullable Neighbours read(Path bundle) {
        Path file = bundle.resolve(Bundle.NEIGHBOURS);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.remaining() < HEADER || bytes.getInt() != MAGIC) {
                throw new BrokenBundleException(file, "does not begin with NBR1");
            }
            int photos = bytes.getInt();
            int width = bytes.getInt();
            if (photos < 1 || width < 1 || (long) photos * width > bytes.remaining()) {
                throw new BrokenBundleException(
                        file,
                        "%d bytes for %d photos with directions of %d values"
                                .formatted(bytes.capacity(), photos, width));
            }
            byte[][] directions = new byte[photos][width];
            Arrays.stream(directions).forEach(bytes::get);
            IntBuffer words = bytes.asIntBuffer();
            int[][][] captions =
                    Stream.generate(() -> captions(words)).limit(photos).toArray(int[][][]::new);
            if (words.hasRemaining()) {
                throw new BrokenBundleException(file, "goes on after the captions of %d photos".formatted(photos));
            }
            return new Neighbours(directions, captions);
        } catch (IOException e) {
            throw BrokenBundleException.unreadable(file, e);
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw new BrokenBundleException(file, "ends within the captions of its photos", e);
        } catch (IllegalArgumentException e) {
            throw new BrokenBundleException(file, String.valueOf(e.getMessage()), e);
        }
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
        int count = from.get();
        if (count > from.remaining()) {
            throw new BufferUnderflowException();
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
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + captions.length * dimensions() + integers * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        List.of(MAGIC, captions.length, dimensions()).forEach(bytes::putInt);
        for (int n = 0; n < captions.length; n++) {
            for (float[] column : columns) {
                bytes.put((byte) Math.round(column[n] * SCALE));
            }
        }
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
