package io.captioner.training.weights;

import io.captioner.image.ImageSize;
import io.captioner.training.encoder.Encoder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** The weights of the network in {@code make_small.py}; it computes nothing. */
final class SmallKerasNetwork implements Encoder {
    @Override
    public String name() {
        return "small";
    }

    @Override
    public ImageSize inputSize() {
        return new ImageSize(8, 8);
    }

    @Override
    public int rows() {
        return 4;
    }

    @Override
    public int columns() {
        return 4;
    }

    @Override
    public int channels() {
        return 2;
    }

    @Override
    public String scale() {
        return "x";
    }

    @Override
    public Set<String> numberedLayers() {
        return Set.of("conv2d", "batch_normalization");
    }

    @Override
    public List<Map<String, Shape>> classifiers() {
        return List.of(Encoder.dense("predictions", 2, 5));
    }

    @Override
    public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
        weights.get("conv2d/kernel", 3, 3, 3, 4);
        weights.get("batch_normalization/beta", 4);
        weights.get("batch_normalization/moving_mean", 4);
        weights.get("batch_normalization/moving_variance", 4);
        weights.get("separate/depthwise_kernel", 3, 3, 4, 1);
        return weights.get("conv2d_1/kernel", 1, 1, 4, 2);
    }
}
