package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Scheduled sampling (Bengio et al. 2015): some of the previous words are the decoder's own. It takes two passes over
 * all time steps instead of going word by word (Mihaylova and Martins 2019, section 3).
 */
final class ScheduledSampling {
    private static final int SALT = 5;

    private final Ops tf;
    private final Placeholder<TInt32> seed;
    private final Placeholder<TFloat32> probability;

    /** @param seed int32 [2], fed with every step; decides which words are replaced */
    ScheduledSampling(Ops tf, Placeholder<TInt32> seed) {
        this.tf = tf;
        this.seed = seed;
        this.probability = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    }

    /**
     * Replaces some of the given words by the decoder's own.
     *
     * @param given [T * N]
     * @param predicted the decoder's most probable word after each given word, [T * N]
     * @param start the start tokens, [N]
     */
    Operand<TInt32> mix(Operand<TInt32> given, Operand<TInt32> predicted, Operand<TInt32> start) {
        Operand<TInt32> all = tf.concat(List.of(start, predicted), tf.constant(0));
        Operand<TInt32> shifted = tf.slice(all, tf.array(0), tf.shape(given)); // the last predictions have no successor
        Operand<TFloat32> uniform =
                tf.random.statelessRandomUniform(tf.shape(given), tf.math.add(seed, tf.array(0, SALT)), TFloat32.class);
        Operand<TBool> replaced = tf.math.logicalAnd(
                tf.math.less(uniform, probability), tf.math.notEqual(given, tf.constant(Vocabulary.START)));
        return tf.select(
                tf.math.logicalAnd(replaced, tf.math.notEqual(given, tf.constant(Vocabulary.PAD))), shifted, given);
    }

    /** Feeds a step the probability, 0 to 1, with which a previous word is the decoder's own. */
    void feed(Feed feed, float samplingProbability) {
        feed.put(probability, TFloat32.scalarOf(samplingProbability));
    }
}
