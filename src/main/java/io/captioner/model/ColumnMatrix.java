package io.captioner.model;

/** A matrix [N][K], kept by columns: the compiler adds several values of a column at a time. Immutable. */
final class ColumnMatrix {
    private final int rows;
    private final float[][] columns;

    /** @param columns [K][N], K at least 1 */
    ColumnMatrix(float[][] columns) {
        this.rows = columns[0].length;
        this.columns = columns;
    }

    /** Returns K. */
    int width() {
        return columns.length;
    }

    /**
     * Returns the products with vectors, [vectors][N]. Those of several vectors at once take less time than one after
     * the other: each column is read from memory once.
     *
     * @param vectors [vectors][K]
     */
    float[][] times(float[][] vectors) {
        float[][] products = new float[vectors.length][rows];
        for (int k = 0; k < columns.length; k++) {
            for (int i = 0; i < vectors.length; i++) {
                add(vectors[i][k], columns[k], products[i]);
            }
        }
        return products;
    }

    private static void add(float weight, float[] column, float[] sums) {
        for (int n = 0; n < sums.length; n++) {
            sums[n] += weight * column[n];
        }
    }
}
