package io.captioner.training.metrics;

import java.util.List;

/**
 * Measures of attention maps: good captions can have maps that are uniform, or the same for every word.
 *
 * @param meanEntropy the mean over all words of the entropy of a word's map divided by the natural logarithm of its
 *     cells: 0 is all weight in one cell, 1 is uniform
 * @param meanChange the mean over all successive words of a caption of the total variation distance between their maps,
 *     half the sum of absolute differences: 0 is the same map, 1 has no cell in common; 0 if no caption has two words
 */
public record AttentionHealth(double meanEntropy, double meanChange) {
    /**
     * Measures the attention of captions.
     *
     * @param captions for each caption the map of each word, [words][cells]; at least two cells, as many for every
     *     word; weights finite and not negative; each map is scaled to the sum 1 before it is measured
     * @throws IllegalArgumentException if there is no word, or a map is not such a map
     */
    public static AttentionHealth of(List<float[][]> captions) {
        double entropy = 0;
        double change = 0;
        long words = 0;
        long changes = 0;
        for (float[][] caption : captions) {
            double[] previous = {};
            for (float[] weights : caption) {
                double[] map = scaled(weights);
                entropy += entropy(map) / Math.log(map.length);
                words++;
                if (previous.length > 0) {
                    change += distance(previous, map);
                    changes++;
                }
                previous = map;
            }
        }
        if (words == 0) {
            throw new IllegalArgumentException("there is no attention map to measure");
        }
        return new AttentionHealth(entropy / words, changes == 0 ? 0 : change / changes);
    }

    private static double[] scaled(float[] weights) {
        if (weights.length < 2) {
            throw new IllegalArgumentException("an attention map needs at least 2 cells, not " + weights.length);
        }
        double sum = 0;
        for (float weight : weights) {
            if (!(weight >= 0 && weight < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("attention weights are finite and not negative, not " + weight);
            }
            sum += weight;
        }
        if (sum == 0) {
            throw new IllegalArgumentException("an attention map has a weight above 0, not all zeros");
        }
        double[] map = new double[weights.length];
        for (int cell = 0; cell < map.length; cell++) {
            map[cell] = weights[cell] / sum;
        }
        return map;
    }

    private static double entropy(double[] map) {
        double entropy = 0;
        for (double weight : map) {
            entropy -= weight == 0 ? 0 : weight * Math.log(weight);
        }
        return entropy;
    }

    private static double distance(double[] first, double[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException("maps of one caption need equally many cells, not %d and %d"
                    .formatted(first.length, second.length));
        }
        double sum = 0;
        for (int cell = 0; cell < first.length; cell++) {
            sum += Math.abs(first[cell] - second[cell]);
        }
        return sum / 2;
    }
}
