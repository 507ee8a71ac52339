package io.captioner.training.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.math.Cumsum;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * Sampled words: temperature, then top-k, then top-p, then the Gumbel-max trick (the word with the largest sum of
 * log-probability and Gumbel noise is a sample of the distribution).
 *
 * <p>All images of a batch get the same noise, so the sample of one does not depend on its neighbours. At temperature 0
 * only one word is computed, at almost no cost.
 */
final class WordSampler {
    private final Ops tf;
    private final int vocabulary;

    WordSampler(Ops tf, int vocabulary) {
        this.tf = tf;
        this.vocabulary = vocabulary;
    }

    /**
     * Returns a word for each hypothesis, [N, K]; anything if the temperature is 0.
     *
     * @param logProbs [N, K, V]
     * @param temperature []
     * @param topK [], 0 for no limit
     * @param topP [], 1 for no limit
     * @param seed [2]
     */
    Operand<TInt32> sample(
            Operand<TFloat32> logProbs,
            Operand<TFloat32> temperature,
            Operand<TInt32> topK,
            Operand<TFloat32> topP,
            Operand<TInt32> seed) {
        Operand<TBool> sampling = tf.math.greater(temperature, tf.constant(0f));
        Operand<TInt32> words = tf.select(sampling, tf.constant(vocabulary), tf.constant(1));
        Operand<TInt32> everywhere = tf.array(-1, -1);
        Operand<TFloat32> considered = tf.slice(
                logProbs,
                tf.array(0, 0, 0),
                tf.concat(List.of(everywhere, tf.reshape(words, tf.array(1))), tf.constant(0)));
        Operand<TFloat32> divisor = tf.select(sampling, temperature, tf.constant(1f));
        Operand<TFloat32> tempered =
                tf.math.maximum(tf.math.div(considered, divisor), tf.constant(AllowedWords.NEVER)); // [N, K, V]
        Operand<TFloat32> threshold = threshold(tempered, words, topK, topP);
        Operand<TFloat32> kept =
                tf.select(tf.math.greaterEqual(tempered, threshold), tempered, tf.constant(AllowedWords.NEVER));
        Operand<TInt32> noiseShape = tf.concat(
                List.of(
                        tf.array(1),
                        tf.slice(tf.shape(logProbs), tf.array(1), tf.array(1)),
                        tf.reshape(words, tf.array(1))),
                tf.constant(0));
        Operand<TFloat32> uniform = tf.math.maximum(
                tf.random.statelessRandomUniform(noiseShape, seed, TFloat32.class),
                tf.constant(Float.MIN_NORMAL)); // [1, K, V]
        Operand<TFloat32> gumbel = tf.math.neg(tf.math.log(tf.math.neg(tf.math.log(uniform))));
        return tf.math.argMax(tf.math.add(kept, gumbel), tf.constant(2), TInt32.class);
    }

    /** Returns the least log-probability of a word that may be sampled, [N, K, 1]. */
    private Operand<TFloat32> threshold(
            Operand<TFloat32> tempered, Operand<TInt32> words, Operand<TInt32> topK, Operand<TFloat32> topP) {
        Operand<TFloat32> sorted = tf.nn.topK(tempered, words, TInt32.class).values(); // [N, K, V]
        Operand<TInt32> ranks = tf.range(tf.constant(0), words, tf.constant(1)); // [V]
        Operand<TInt32> limit = tf.select(tf.math.greater(topK, tf.constant(0)), topK, words);
        Operand<TFloat32> best = tf.select(tf.math.less(ranks, limit), sorted, tf.constant(AllowedWords.NEVER));
        Operand<TFloat32> before =
                tf.math.cumsum(tf.nn.softmax(best), tf.constant(2), Cumsum.exclusive(true)); // [N, K, V]
        Operand<TBool> inside =
                tf.math.logicalAnd(tf.math.less(before, topP), tf.math.greater(best, tf.constant(AllowedWords.NEVER)));
        Operand<TInt32> count =
                tf.math.maximum(tf.sum(tf.dtypes.cast(inside, TInt32.class), tf.constant(2)), tf.constant(1)); // [N, K]
        Operand<TInt32> last = tf.expandDims(tf.math.sub(count, tf.constant(1)), tf.constant(-1));
        return pick(sorted, last);
    }

    private <T extends TType> Operand<T> pick(Operand<T> x, Operand<TInt32> index) {
        return tf.gather(x, index, tf.constant(2), Gather.batchDims(2L));
    }
}
