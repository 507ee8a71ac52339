package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The C words that must appear, and which of them R hypotheses have. What it gives is computed only where there are
 * any, since the words are passed through that side.
 */
final class RequiredWords {
    /** More than any log-probability, so that required words are among the candidates. */
    private static final float FIRST = 1e9f;

    private final Ops tf;
    private final int vocabulary;
    private final Operand<TInt32> required;
    private final Operand<TBool> missing;

    /**
     * Compares the words so far.
     *
     * @param required [C], passed through the side of a branch where there are any
     * @param tokens the words so far, padded, [R, S], likewise
     */
    RequiredWords(Ops tf, int vocabulary, Operand<TInt32> required, Operand<TInt32> tokens) {
        this.tf = tf;
        this.vocabulary = vocabulary;
        this.required = required;
        Operand<TInt32> byWord = tf.expandDims(tf.expandDims(required, tf.constant(0)), tf.constant(2)); // [1, C, 1]
        this.missing = tf.math.logicalNot(
                tf.reduceAny(tf.math.equal(tf.expandDims(tokens, tf.constant(1)), byWord), tf.constant(2))); // [R, C]
    }

    /** Returns the ids of the words, [C]. */
    Operand<TInt32> ids() {
        return required;
    }

    /** Returns how many of the words each hypothesis has, [R]. */
    Operand<TInt32> count() {
        Operand<TInt32> absent = tf.sum(tf.dtypes.cast(missing, TInt32.class), tf.constant(1));
        return tf.math.sub(tf.size(required), absent);
    }

    /** Returns whether each candidate is a word that its hypothesis still needs, 0 or 1, [R, C']. */
    Operand<TInt32> adds(Operand<TInt32> words) {
        Operand<TInt32> byWord = tf.expandDims(tf.expandDims(required, tf.constant(0)), tf.constant(0)); // [1, 1, C]
        Operand<TBool> same = tf.math.logicalAnd(
                tf.math.equal(tf.expandDims(words, tf.constant(2)), byWord), tf.expandDims(missing, tf.constant(1)));
        return tf.dtypes.cast(tf.reduceAny(same, tf.constant(2)), TInt32.class);
    }

    /** Returns the log-probabilities with {@link NextWords#NEVER} for the end and a cut of those that need words. */
    Operand<TFloat32> withoutEnd(Operand<TFloat32> logProbs) {
        Operand<TInt32> ids = tf.range(tf.constant(0), tf.constant(vocabulary), tf.constant(1)); // [V]
        Operand<TBool> ends = tf.math.lessEqual(ids, tf.constant(Vocabulary.END));
        Operand<TBool> needs = tf.expandDims(tf.reduceAny(missing, tf.constant(1)), tf.constant(1)); // [R, 1]
        return tf.select(tf.math.logicalAnd(needs, ends), tf.constant(NextWords.NEVER), logProbs);
    }

    /** Returns values by which the words that are needed come first, [R, V]. */
    Operand<TFloat32> first(Operand<TFloat32> logProbs) {
        Operand<TFloat32> oneHot =
                tf.oneHot(required, tf.constant(vocabulary), tf.constant(1f), tf.constant(0f)); // [C, V]
        Operand<TFloat32> needed = tf.linalg.matMul(tf.dtypes.cast(missing, TFloat32.class), oneHot); // [R, V]
        return tf.math.add(logProbs, tf.math.mul(needed, tf.constant(FIRST)));
    }
}
