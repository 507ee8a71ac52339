package io.captioner.training.graph;

import io.captioner.training.decoder.Decoder;
import io.captioner.training.weights.WeightSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * How the weights of a step get into the loop's body. As constants there, a kernel packs them once for all runs; but
 * weights in training, and those that are used before the loop too and must be in the file once, are passed in.
 *
 * @param passed names of the weights that are passed in
 * @param outside the source of those
 * @param constants the source of the others, constants of the graph it is given
 */
record StepWeights(List<String> passed, WeightSource outside, Function<Ops, WeightSource> constants) {

    /** Passes all weights in. */
    static StepWeights variables(Decoder decoder, WeightSource outside) {
        return new StepWeights(decoder.stepWeights(), outside, body -> (name, shape) -> {
            throw new IllegalArgumentException("bug: the loop was not given the weight " + name);
        });
    }

    /**
     * Makes all weights constants of the body, but those that the graph outside has.
     *
     * @param outside the constants that the graph has already
     */
    static StepWeights frozen(Decoder decoder, Once outside, Function<Ops, WeightSource> constants) {
        return new StepWeights(
                decoder.stepWeights().stream().filter(outside.made::containsKey).toList(), outside, constants);
    }

    /** Returns what is passed in, values and not references to variables. */
    List<Operand<TFloat32>> values(Ops tf, Map<String, long[]> shapes) {
        return passed.stream()
                .map(name -> {
                    long[] shape = shapes.get(name);
                    if (shape == null) {
                        throw new IllegalArgumentException("bug: no weight is called " + name);
                    }
                    return (Operand<TFloat32>) tf.identity(outside.get(name, shape));
                })
                .toList();
    }

    /**
     * Returns the weights inside the body.
     *
     * @param values what was passed in, as the body has it
     */
    WeightSource inside(Ops body, List<Operand<TFloat32>> values) {
        WeightSource frozen = new Once(constants.apply(body));
        return (name, shape) -> {
            int index = passed.indexOf(name);
            return index < 0 ? frozen.get(name, shape) : values.get(index);
        };
    }

    /** A source that makes each weight once. */
    static final class Once implements WeightSource {
        private final WeightSource source;
        private final Map<String, Operand<TFloat32>> made = new HashMap<>();

        Once(WeightSource source) {
            this.source = source;
        }

        @Override
        public Operand<TFloat32> get(String name, long... shape) {
            return made.computeIfAbsent(name, absent -> source.get(name, shape));
        }
    }
}
