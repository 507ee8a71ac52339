package io.captioner.training.graph;

import io.captioner.model.DecodeOptions;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;

/** The words that would complete a run of n words that a hypothesis already holds (Paulus et al. 2018, section 2.5). */
final class RepeatedWords {
    private final Ops tf;
    private final int vocabulary;

    RepeatedWords(Ops tf, int vocabulary) {
        this.tf = tf;
        this.vocabulary = vocabulary;
    }

    /**
     * Returns which words must not follow, [R, V].
     *
     * @param tokens the words so far, padded, [R, S]
     * @param step how many there are, []
     * @param n 1 to {@value DecodeOptions#MAX_NO_REPEAT}, []
     */
    Operand<TBool> ban(Operand<TInt32> tokens, Operand<TInt32> step, Operand<TInt32> n) {
        Operand<TInt32> past = tf.slice(
                tokens,
                tf.array(0, 0),
                tf.concat(List.of(tf.array(-1), tf.reshape(step, tf.array(1))), tf.constant(0))); // [R, T]
        Operand<TInt32> ends = tf.range(tf.constant(0), step, tf.constant(1)); // [T]
        Operand<TBool> completes =
                tf.broadcastTo(tf.math.greaterEqual(ends, tf.math.sub(n, tf.constant(1))), tf.shape(past)); // [R, T]
        for (int back = 1; back < DecodeOptions.MAX_NO_REPEAT; back++) {
            completes = tf.math.logicalAnd(completes, agree(tokens, past, ends, step, n, back));
        }
        Operand<TInt32> rows = tf.gather(tf.shape(tokens), tf.constant(0), tf.constant(0));
        Operand<TInt32> row = tf.math.add(
                tf.expandDims(tf.range(tf.constant(0), rows, tf.constant(1)), tf.constant(1)),
                tf.zerosLike(past)); // [R, T]
        Operand<TInt32> places = tf.stack(
                List.of(tf.reshape(row, tf.array(-1)), tf.reshape(past, tf.array(-1))),
                org.tensorflow.op.core.Stack.axis(1L)); // [R * T, 2]
        Operand<TInt32> counts = tf.scatterNd(
                places,
                tf.reshape(tf.dtypes.cast(completes, TInt32.class), tf.array(-1)),
                tf.stack(List.of(rows, tf.constant(vocabulary)))); // [R, V]
        return tf.math.greater(counts, tf.constant(0));
    }

    /** Returns whether the word at a distance before each end is the word at that distance before the next, [R, T]. */
    private Operand<TBool> agree(
            Operand<TInt32> tokens,
            Operand<TInt32> past,
            Operand<TInt32> ends,
            Operand<TInt32> step,
            Operand<TInt32> n,
            int back) {
        Operand<TInt32> distance = tf.constant(back);
        Operand<TInt32> zero = tf.constant(0);
        Operand<TInt32> before = tf.gather(past, tf.math.maximum(tf.math.sub(ends, distance), zero), tf.constant(1));
        Operand<TInt32> last = tf.gather(
                tokens, tf.reshape(tf.math.maximum(tf.math.sub(step, distance), zero), tf.array(1)), tf.constant(1));
        return tf.math.logicalOr(tf.math.equal(before, last), tf.math.greaterEqual(distance, n));
    }
}
