package io.captioner.training.weights;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A source of named weights for the graph being built: frozen constants or trained variables. */
@FunctionalInterface
public interface WeightSource {
    /**
     * Returns the weight of that name, an operand of the graph being built.
     *
     * @param name {@code layer/variable}, such as {@code Conv1/kernel}
     * @param shape the exact shape the caller computes with
     * @throws IllegalArgumentException if there is no such weight, or its shape is another
     */
    Operand<TFloat32> get(String name, long... shape);
}
