package io.captioner.model;

import io.captioner.text.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Inverse document frequencies of words and of pairs of words; a document is all captions of a photo. */
record NgramWeights(int photos, long[] ngrams, int[] frequencies) {
    private static final double LEAST = 1e-9; // of a division

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
        return squareAt(Arrays.binarySearch(ngrams, ngram));
    }

    private double squareAt(int place) {
        double inverse = Math.log(photos / (place < 0 ? 1.0 : frequencies[place]));
        return inverse * inverse;
    }

    /** Leaves out those that fewer photos have. */
    NgramWeights inAtLeast(int photos) {
        int[] kept = IntStream.range(0, ngrams.length)
                .filter(i -> frequencies[i] >= photos)
                .toArray();
        return new NgramWeights(
                this.photos,
                Arrays.stream(kept).mapToLong(i -> ngrams[i]).toArray(),
                Arrays.stream(kept).map(i -> frequencies[i]).toArray());
    }

    /** Returns the shares of a photo's captions that have each word and pair, [G]. */
    float[] shares(int[][] ofPhoto) {
        float[] shares = new float[ngrams.length];
        for (int[] words : ofPhoto) {
            for (long ngram : Arrays.stream(ngrams(words)).distinct().toArray()) {
                int at = Arrays.binarySearch(ngrams, ngram);
                if (at >= 0) {
                    shares[at] += 1f / ofPhoto.length;
                }
            }
        }
        return shares;
    }

    /**
     * Returns the mean of the weighed cosines between shares and the words, and the pairs, of each caption.
     *
     * @param shares of captions that have each word and pair, [G]
     */
    double[] likeness(float[] shares, List<int[]> captions) {
        int firstPair = -1 - Arrays.binarySearch(ngrams, (1L << Integer.SIZE) - 1);
        double wordLength = length(shares, 0, firstPair);
        double pairLength = length(shares, firstPair, ngrams.length);
        return captions.stream()
                .mapToDouble(words -> {
                    long[] ofCaption = ngrams(words);
                    return cosine(shares, wordLength, Arrays.copyOf(ofCaption, words.length)) / 2
                            + cosine(shares, pairLength, Arrays.copyOfRange(ofCaption, words.length, ofCaption.length))
                                    / 2;
                })
                .toArray();
    }

    private double length(float[] shares, int from, int to) {
        double sum = 0;
        for (int g = from; g < to; g++) {
            sum += shares[g] == 0 ? 0 : shares[g] * shares[g] * squareAt(g);
        }
        return Math.sqrt(sum);
    }

    private double cosine(float[] shares, double length, long[] ofCaption) {
        double product = 0;
        double squares = 0;
        for (long ngram : Arrays.stream(ofCaption).distinct().toArray()) {
            int at = Arrays.binarySearch(ngrams, ngram);
            squares += squareAt(at);
            product += at < 0 ? 0 : shares[at] * squareAt(at);
        }
        return product / Math.max(LEAST, length * Math.sqrt(squares));
    }

    /**
     * A caption's words with their squared weights.
     *
     * @param ofWords by word, [T]
     * @param ofPairs of a word and the one before it, [T]; 0 for the first
     * @param wordLength length of the vector of its words
     * @param pairLength length of the vector of its pairs
     */
    record WeighedCaption(int[] words, double[] ofWords, double[] ofPairs, double wordLength, double pairLength) {
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
}
