package io.captioner.training.encoder;

import io.captioner.training.weights.WeightSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Another encoder whose annotation vectors are averaged into one: global average pooling. */
final class PooledEncoder extends DelegatingEncoder {
    /** Averages what that encoder gives; its weights are the same. */
    PooledEncoder(Encoder encoder) {
        super(encoder);
    }

    @Override
    public String name() {
        return encoder.name() + "_avg";
    }

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public int columns() {
        return 1;
    }

    @Override
    public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
        Operand<TFloat32> grid = encoder.annotate(tf, weights, images); // [N, rows * columns, channels]
        return tf.math.mean(grid, tf.constant(1), Mean.keepDims(true)); // [N, 1, channels]
    }
}
