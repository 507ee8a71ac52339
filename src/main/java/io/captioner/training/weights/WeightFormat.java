package io.captioner.training.weights;

import io.captioner.training.weights.NamedWeights.WeightValues;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;

/** What a bundle's weights are stored in. TensorFlow makes them float32 once, when it loads the graph. */
public enum WeightFormat {
    /** Single precision: 4 bytes a weight, the values of training. */
    FLOAT32,
    /** Half precision: 2 bytes a weight, 11 bits of it significant. Vectors such as biases stay float32. */
    FLOAT16;

    /** Returns whether a weight of this shape is stored in half precision. */
    public boolean halves(Shape shape) {
        return this == FLOAT16 && shape.numDimensions() > 1;
    }

    /** Returns the weights as a bundle's file holds them. */
    public NamedWeights rounded(NamedWeights weights) {
        return this == FLOAT32
                ? weights
                : weights.mapped("-float16", weight -> {
                    if (!halves(weight.shape())) {
                        return weight;
                    }
                    float[] rounded = new float[weight.values().length];
                    try (TFloat16 stored = stored(weight.values(), weight.shape())) {
                        stored.copyTo(NdArrays.wrap(weight.shape(), DataBuffers.of(rounded)));
                    }
                    return new WeightValues(weight.shape(), rounded);
                });
    }

    private static TFloat16 stored(float[] values, Shape shape) {
        return TFloat16.tensorOf(shape, DataBuffers.of(values, true, false));
    }

    /** Returns a source of weights by name, frozen as constants of a graph. */
    public WeightSource constants(Ops tf, Map<String, float[]> weights) {
        WeightSource single = Tensors.constants(tf, weights);
        return (name, shape) -> halves(Shape.of(shape)) ? half(tf, weights, name, shape) : single.get(name, shape);
    }

    private static Operand<TFloat32> half(Ops tf, Map<String, float[]> weights, String name, long[] shape) {
        float[] values = weights.get(name);
        if (values == null) {
            throw new IllegalArgumentException("bug: no weight is called " + name);
        }
        try (TFloat16 stored = stored(values, Shape.of(shape))) {
            return tf.dtypes.cast(tf.withName(Tensors.constantName(name)).constantOf(stored), TFloat32.class);
        }
    }
}
