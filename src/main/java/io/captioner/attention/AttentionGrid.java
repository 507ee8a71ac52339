package io.captioner.attention;

/**
 * The attention weights of one word over the grid of annotation vectors.
 *
 * @param weights alpha, [rows * columns] row-major from the top-left; finite, none negative, some positive; they need
 *     not sum to 1
 * @param rows at least 1
 * @param columns at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // straight from the device, never changed
public record AttentionGrid(float[] weights, int rows, int columns) {
    /** @throws IllegalArgumentException if the weights are no attention over such a grid */
    public AttentionGrid {
        if (rows < 1 || columns < 1 || weights.length != Math.multiplyExact(rows, columns)) {
            throw new IllegalArgumentException(
                    "bug: %d weights cannot be a grid of %d x %d".formatted(weights.length, rows, columns));
        }
        double sum = 0;
        for (float weight : weights) {
            if (!(weight >= 0 && weight < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("bug: an attention weight of " + weight);
            }
            sum += weight;
        }
        if (sum == 0) {
            throw new IllegalArgumentException("bug: attention without any weight");
        }
    }

    float at(int row, int column) {
        return weights[row * columns + column];
    }

    /** Returns the index of the heaviest cell, the first of equals. */
    int heaviest() {
        int best = 0;
        for (int i = 1; i < weights.length; i++) {
            if (weights[i] > weights[best]) {
                best = i;
            }
        }
        return best;
    }
}
