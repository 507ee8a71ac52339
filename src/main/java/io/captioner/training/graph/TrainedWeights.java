package io.captioner.training.graph;

import io.captioner.training.decoder.Mode;
import io.captioner.training.weights.Tensors;
import io.captioner.training.weights.WeightSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** The variables of one network in a graph: each weight with Adam's two moments and its moving average. */
final class TrainedWeights {
    private static final double EMBEDDING_DEVIATION = 0.05;
    private static final List<String> START_AT_ONE = List.of("/gamma", Mode.MOVING_VARIANCE);

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** One weight, with the state of the optimiser. */
    record Entry(
            Variable<TFloat32> weight,
            Variable<TFloat32> firstMoment,
            Variable<TFloat32> secondMoment,
            Variable<TFloat32> average) {

        /** Returns what decoding uses of it. */
        Variable<TFloat32> used(String name) {
            return Mode.isStatistic(name) ? weight : average;
        }
    }

    /** The initial values of weights. */
    @FunctionalInterface
    interface Initial {
        /** Returns the values of a weight, row by row. */
        float[] of(String name, long[] shape);

        /** Returns the given weights, and fresh ones for the others. */
        static Initial of(Map<String, float[]> given, long seed) {
            Initial fresh = fresh(seed);
            return (name, shape) -> {
                float[] value = given.get(name);
                return value == null ? fresh.of(name, shape) : value;
            };
        }

        /** Returns fresh weights: kernels normal with variance 1 / fan-in, biases 0, scales 1. */
        static Initial fresh(long seed) {
            Random random = new Random(seed);
            return (name, shape) -> initial(name, shape, random);
        }
    }

    /**
     * Adds variables and their initial values to a graph.
     *
     * @param scope begins the variables' names in checkpoints
     * @param shapes the weights by name
     */
    TrainedWeights(Ops tf, String scope, Map<String, long[]> shapes, Initial initial) {
        Ops init = tf.withInitScope();
        shapes.forEach((name, dimensions) -> {
            Shape shape = Shape.of(dimensions);
            Operand<TFloat32> value = init.constant(shape, DataBuffers.of(initial.of(name, dimensions)));
            Operand<TFloat32> zero = init.zeros(init.constant(dimensions), TFloat32.class);
            entries.put(
                    name,
                    new Entry(
                            variable(init, scope + name, value, shape),
                            variable(init, "adam/m/" + scope + name, zero, shape),
                            variable(init, "adam/v/" + scope + name, zero, shape),
                            variable(init, "average/" + scope + name, value, shape)));
        });
    }

    /** Returns the weights as they are trained. */
    WeightSource live() {
        return (name, shape) -> entry(name).weight();
    }

    /** Returns the moving averages; statistics as they are, for they move already. */
    WeightSource averaged() {
        return (name, shape) -> entry(name).used(name);
    }

    /** Returns every weight by name, in the order of the shapes given. */
    Map<String, Entry> entries() {
        return entries;
    }

    /** Returns the weights that gradients change. */
    List<Entry> trainable() {
        return entries.entrySet().stream()
                .filter(entry -> !Mode.isStatistic(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Returns what decoding uses of each weight, as it is in a session, by name. */
    Map<String, float[]> used(Session session) {
        Map<String, float[]> values = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            try (Result result = session.runner().fetch(entry.used(name)).run()) {
                values.put(name, Tensors.floats(result.get(0)));
            }
        });
        return values;
    }

    /** Returns how many numbers gradients change. */
    long parameterCount() {
        return trainable().stream()
                .mapToLong(entry -> entry.weight().shape().size())
                .sum();
    }

    Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("bug: no weight is called " + name);
        }
        return entry;
    }

    private static Variable<TFloat32> variable(Ops init, String name, Operand<TFloat32> value, Shape shape) {
        Variable<TFloat32> variable = init.withName(name.replace('/', '_')).variable(shape, TFloat32.class);
        init.assign(variable, value);
        return variable;
    }

    private static float[] initial(String name, long[] shape, Random random) {
        float[] values = new float[Math.toIntExact(Shape.of(shape).size())];
        if (START_AT_ONE.stream().anyMatch(name::endsWith)) {
            Arrays.fill(values, 1);
        } else if (shape.length > 1) {
            double deviation = name.equals("embedding") ? EMBEDDING_DEVIATION : Math.sqrt(1.0 / shape[0]);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
        }
        return values;
    }
}
