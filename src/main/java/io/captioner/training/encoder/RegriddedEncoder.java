package io.captioner.training.encoder;

import io.captioner.training.weights.WeightSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * Another encoder with a square grid of another size: place i of n averages the places from floor(i m / n) to ceil((i +
 * 1) m / n) of the m that there are, as PyTorch's {@code AdaptiveAvgPool2d} does. It can also enlarge.
 */
final class RegriddedEncoder extends DelegatingEncoder {
    private final int side;

    /** @param side rows and columns of the grid, at least 1 */
    RegriddedEncoder(Encoder encoder, int side) {
        super(encoder);
        this.side = side;
    }

    @Override
    public String name() {
        return "%s_grid%d".formatted(encoder.name(), side);
    }

    @Override
    public int rows() {
        return side;
    }

    @Override
    public int columns() {
        return side;
    }

    @Override
    public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
        int cells = encoder.rows() * encoder.columns();
        Operand<TFloat32> grid = encoder.annotate(tf, weights, images); // [N, cells, channels]
        // One product of matrices for each image: [side², cells] times [cells, channels].
        Operand<TFloat32> means = tf.constant(
                Shape.of(1, (long) side * side, cells), DataBuffers.of(means(encoder.rows(), encoder.columns())));
        return tf.train.batchMatMul(means, grid, TFloat32.class);
    }

    /** Returns the share of each place of the old grid in each of the new, both row by row. */
    private float[] means(int rows, int columns) {
        float[] means = new float[side * side * rows * columns];
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                int top = row * rows / side;
                int bottom = end(row, rows);
                int left = column * columns / side;
                int right = end(column, columns);
                float share = 1f / ((bottom - top) * (right - left));
                int target = (row * side + column) * rows * columns;
                for (int y = top; y < bottom; y++) {
                    for (int x = left; x < right; x++) {
                        means[target + y * columns + x] = share;
                    }
                }
            }
        }
        return means;
    }

    private int end(int place, int places) {
        return ((place + 1) * places + side - 1) / side;
    }
}
