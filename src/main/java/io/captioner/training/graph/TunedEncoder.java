package io.captioner.training.graph;

import io.captioner.training.weights.Tensors;
import io.captioner.training.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** An encoder inside a training graph, some of its weights variables; the others are constants. */
final class TunedEncoder {
    private static final String SCOPE = "encoder/";

    private final EncoderTuning tuning;
    private final Ops tf;
    private final TrainedWeights weights;
    private final Placeholder<TUint8> images;
    private final Operand<TFloat32> annotations;
    private final Operand<TFloat16> features;

    TunedEncoder(Ops tf, EncoderTuning tuning) {
        this.tf = tf;
        this.tuning = tuning;
        Map<String, long[]> shapes = new LinkedHashMap<>();
        tuning.encoder().weights().forEach((name, shape) -> {
            if (tuning.trained().contains(name)) {
                shapes.put(name, shape.asArray());
            }
        });
        this.weights = new TrainedWeights(tf, SCOPE, shapes, (name, shape) -> initial(name));
        this.images =
                tf.placeholder(TUint8.class, Placeholder.shape(tuning.encoder().imagesShape()));
        this.annotations = tuning.encoder().annotate(tf, source(weights.live()), images);
        this.features =
                tf.dtypes.cast(tuning.encoder().annotate(tf, source(weights.averaged()), images), TFloat16.class);
    }

    /** Returns where images go in, uint8 [N, height, width, 3]. */
    Placeholder<TUint8> images() {
        return images;
    }

    /** Returns annotation vectors by the weights as they are trained, [N, L, D]. */
    Operand<TFloat32> annotations() {
        return annotations;
    }

    /** Returns annotation vectors by the averaged weights, [N, L, D]. */
    Operand<TFloat16> features() {
        return features;
    }

    /** Returns the variables. */
    TrainedWeights weights() {
        return weights;
    }

    private WeightSource source(WeightSource variables) {
        WeightSource constants = Tensors.constants(tf, tuning.initial());
        return (name, shape) -> (tuning.trained().contains(name) ? variables : constants).get(name, shape);
    }

    private float[] initial(String name) {
        float[] value = tuning.initial().get(name);
        if (value == null) {
            throw new IllegalArgumentException("bug: the encoder has no weight " + name);
        }
        return value;
    }
}
