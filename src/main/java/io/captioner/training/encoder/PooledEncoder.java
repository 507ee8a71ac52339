package io.captioner.training.encoder;

import io.captioner.image.ImageSize;
import io.captioner.training.weights.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Another encoder whose annotation vectors are averaged into one: global average pooling. */
final class PooledEncoder implements Encoder {
    private final Encoder encoder;

    /** Averages what that encoder gives; its weights are the same. */
    PooledEncoder(Encoder encoder) {
        this.encoder = encoder;
    }

    @Override
    public String name() {
        return encoder.name() + "_avg";
    }

    @Override
    public ImageSize inputSize() {
        return encoder.inputSize();
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
    public int channels() {
        return encoder.channels();
    }

    @Override
    public String scale() {
        return encoder.scale();
    }

    @Override
    public Set<String> numberedLayers() {
        return encoder.numberedLayers();
    }

    @Override
    public List<Map<String, Shape>> classifiers() {
        return encoder.classifiers();
    }

    @Override
    public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
        Operand<TFloat32> grid = encoder.annotate(tf, weights, images); // [N, rows * columns, channels]
        return tf.math.mean(grid, tf.constant(1), Mean.keepDims(true)); // [N, 1, channels]
    }
}
