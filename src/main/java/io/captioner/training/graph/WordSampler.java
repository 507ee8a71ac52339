package io.captioner.training.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.math.Cumsum;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Sampled words: temperature, then top-k, then top-p, then the Gumbel-max trick (the word with the largest sum of
 * log-probability and Gumbel noise is a sample of the distribution).
 *
 * <p>A service gives all images of a batch the same noise, so that the sample of one does not depend on its neighbours;
 * training gives each its own, or the gradients of a step's photos would share it.
 */
final class WordSampler {
    private final Ops tf;
    private final int vocabulary;

    WordSampler(Ops tf, int vocabulary) {
        this.tf = tf;
        this.vocabulary = vocabulary;
    }

    /**
     * Returns a word for each row, [R].
     *
     * @param logProbs [R, V]
     * @param chance number of each row's random numbers, 0 to C - 1; rows of one number have the same, [R]
     * @param chances C, []
     * @param temperature above 0, []
     * @param topK [], 0 for no limit
     * @param topP [], 1 for no limit
     * @param seed [2]
     */
    Operand<TInt32> sample(
            Operand<TFloat32> logProbs,
            Operand<TInt32> chance,
            Operand<TInt32> chances,
            Operand<TFloat32> temperature,
            Operand<TInt32> topK,
            Operand<TFloat32> topP,
            Operand<TInt32> seed) {
        Operand<TFloat32> tempered =
                tf.math.maximum(tf.math.div(logProbs, temperature), tf.constant(NextWords.NEVER)); // [R, V]
        Operand<TFloat32> kept = tf.select(
                tf.math.greaterEqual(tempered, threshold(tempered, topK, topP)),
                tempered,
                tf.constant(NextWords.NEVER));
        Operand<TFloat32> uniform = tf.math.maximum(
                tf.random.statelessRandomUniform(
                        tf.stack(List.of(chances, tf.constant(vocabulary))), seed, TFloat32.class),
                tf.constant(Float.MIN_NORMAL)); // [C, V]
        Operand<TFloat32> gumbel = tf.math.neg(tf.math.log(tf.math.neg(tf.math.log(uniform))));
        return tf.math.argMax(
                tf.math.add(kept, tf.gather(gumbel, chance, tf.constant(0))), tf.constant(1), TInt32.class);
    }

    /** Returns the least log-probability of a word that may be sampled, [R, 1]. */
    private Operand<TFloat32> threshold(Operand<TFloat32> tempered, Operand<TInt32> topK, Operand<TFloat32> topP) {
        Operand<TInt32> words = tf.constant(vocabulary);
        Operand<TFloat32> sorted = tf.nn.topK(tempered, words, TInt32.class).values(); // [R, V]
        Operand<TInt32> ranks = tf.range(tf.constant(0), words, tf.constant(1)); // [V]
        Operand<TInt32> limit = tf.select(tf.math.greater(topK, tf.constant(0)), topK, words);
        Operand<TFloat32> best = tf.select(tf.math.less(ranks, limit), sorted, tf.constant(NextWords.NEVER));
        Operand<TFloat32> before =
                tf.math.cumsum(tf.nn.softmax(best), tf.constant(1), Cumsum.exclusive(true)); // [R, V]
        Operand<TBool> inside =
                tf.math.logicalAnd(tf.math.less(before, topP), tf.math.greater(best, tf.constant(NextWords.NEVER)));
        Operand<TInt32> count =
                tf.math.maximum(tf.sum(tf.dtypes.cast(inside, TInt32.class), tf.constant(1)), tf.constant(1)); // [R]
        Operand<TInt32> last = tf.expandDims(tf.math.sub(count, tf.constant(1)), tf.constant(-1));
        return tf.gather(sorted, last, tf.constant(1), Gather.batchDims(1L));
    }
}
