package io.captioner.training.graph;

import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.family.TType;

/**
 * A condition inside a graph, of which only one side is computed. An operation belongs to a side if one of its inputs
 * was passed through that side; constants belong to both.
 *
 * @param condition []
 */
record Branch(Ops tf, Operand<TBool> condition) {
    /** Returns a tensor as the side has it that is computed where the condition holds. */
    <T extends TType> Operand<T> yes(Operand<T> x) {
        return tf.switchCond(x, condition).outputTrue();
    }

    /** Returns a tensor as the other side has it. */
    <T extends TType> Operand<T> no(Operand<T> x) {
        return tf.switchCond(x, condition).outputFalse();
    }

    /** Returns the side that was computed. */
    <T extends TType> Operand<T> merge(Operand<T> yes, Operand<T> no) {
        return tf.merge(List.of(no, yes)).output();
    }

    /** Returns the tensor as it is, or where the condition holds, a function of it. */
    <T extends TType> Operand<T> apply(Operand<T> x, Function<Operand<T>, Operand<T>> function) {
        return merge(function.apply(yes(x)), no(x));
    }
}
