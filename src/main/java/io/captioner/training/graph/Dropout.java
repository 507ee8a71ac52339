package io.captioner.training.graph;

import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Inverted dropout (Srivastava et al. 2014) whose masks follow from a seed that is fed with every step. */
final class Dropout implements UnaryOperator<Operand<TFloat32>> {
    /** Drops nothing. */
    static final Dropout NONE = new Dropout();

    private final UnaryOperator<Operand<TFloat32>> operation;

    /**
     * What a step is fed with.
     *
     * @param seed decides the masks, [2]
     * @param share 1; or 0 for a step that drops nothing, []
     */
    record Inputs(Placeholder<TInt32> seed, Placeholder<TFloat32> share) {
        static Inputs in(Ops tf) {
            return new Inputs(
                    tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2))),
                    tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar())));
        }

        void feed(Feed feed, int step, float shareOfIt) {
            feed.put(seed, TInt32.vectorOf(step, 0)).put(share, TFloat32.scalarOf(shareOfIt));
        }
    }

    private Dropout() {
        this.operation = x -> x;
    }

    private Dropout(UnaryOperator<Operand<TFloat32>> operation) {
        this.operation = operation;
    }

    /** Returns dropout of single values with the given probability. */
    static Dropout ofValues(Ops tf, Inputs inputs, int salt, float probability) {
        return probability == 0
                ? NONE
                : new Dropout(x -> tf.math.mul(x, mask(tf, tf.shape(x), inputs, salt, probability)));
    }

    /**
     * Returns dropout of whole channels of [N, L, P]: one mask for all L places. Masks that differ from place to place
     * would reward averaging over places, that is, uniform attention.
     */
    static Dropout ofChannels(Ops tf, Inputs inputs, int salt, float probability) {
        return probability == 0
                ? NONE
                : new Dropout(x -> {
                    Operand<TInt32> n = tf.slice(tf.shape(x), tf.array(0), tf.array(1));
                    Operand<TInt32> p = tf.slice(tf.shape(x), tf.array(2), tf.array(1));
                    Operand<TInt32> shape = tf.concat(List.of(n, tf.array(1), p), tf.constant(0));
                    return tf.math.mul(x, mask(tf, shape, inputs, salt, probability));
                });
    }

    /** Returns a mask of 0 (with the given probability) and 1 / (1 - probability); of 1, if the step drops nothing. */
    static Operand<TFloat32> mask(Ops tf, Operand<TInt32> shape, Inputs inputs, int salt, float probability) {
        Operand<TFloat32> keep = tf.math.sub(tf.constant(1f), tf.math.mul(tf.constant(probability), inputs.share()));
        Operand<TFloat32> uniform =
                tf.random.statelessRandomUniform(shape, tf.math.add(inputs.seed(), tf.array(0, salt)), TFloat32.class);
        return tf.math.div(tf.math.floor(tf.math.add(uniform, keep)), keep);
    }

    @Override
    public Operand<TFloat32> apply(Operand<TFloat32> x) {
        return operation.apply(x);
    }
}
