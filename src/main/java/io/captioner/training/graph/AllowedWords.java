package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The words that may follow a hypothesis: all but padding, start, unknown and repeated ones; in the last step only the
 * end or a cut; the given word where captions are scored; padding after the end.
 */
final class AllowedWords {
    /** Stays below every real log-probability, also after division by a length and after many additions. */
    static final float NEVER = -1e30f;

    private final Ops tf;
    private final int vocabulary;

    AllowedWords(Ops tf, int vocabulary) {
        this.tf = tf;
        this.vocabulary = vocabulary;
    }

    /**
     * Returns the log-probabilities with {@link #NEVER} for each word that may not follow, [N, K, V].
     *
     * @param logProbs [N, K, V]
     * @param step words so far, []
     * @param steps S, words and the end, []
     * @param forced ids to follow instead of choosing, [N, S] with K = 1; or [1, 1] holding a negative value to choose
     * @param tokens the words so far, padded, [N, K, S]
     * @param noRepeatNgram [], 0 to ban nothing
     * @param done whether a hypothesis has ended, [N, K]
     */
    Operand<TFloat32> mask(
            Operand<TFloat32> logProbs,
            Operand<TInt32> step,
            Operand<TInt32> steps,
            Operand<TInt32> forced,
            Operand<TInt32> tokens,
            Operand<TInt32> noRepeatNgram,
            Operand<TBool> done) {
        Operand<TInt32> ids = tf.range(tf.constant(0), tf.constant(vocabulary), tf.constant(1)); // [V]
        Operand<TFloat32> never = tf.constant(NEVER);

        // The last step: the end, or the padding that cuts the caption at the price of not ending.
        Operand<TFloat32> end = tf.gather(logProbs, tf.constant(Vocabulary.END), tf.constant(2)); // [N, K]
        Operand<TFloat32> goesOn =
                tf.math.log(tf.math.maximum(tf.math.neg(tf.math.expm1(end)), tf.constant(Float.MIN_NORMAL)));
        Operand<TBool> isPad = tf.math.equal(ids, tf.constant(Vocabulary.PAD));
        Operand<TBool> isEnd = tf.math.equal(ids, tf.constant(Vocabulary.END));
        Operand<TFloat32> last =
                tf.select(isPad, tf.expandDims(goesOn, tf.constant(-1)), tf.select(isEnd, logProbs, never));
        boolean[] banned = new boolean[vocabulary];
        banned[Vocabulary.PAD] = true;
        banned[Vocabulary.START] = true;
        banned[Vocabulary.UNKNOWN] = true;
        Operand<TBool> repeated = new RepeatedWords(tf, vocabulary).ban(tokens, step, noRepeatNgram); // [N, K, V]
        Operand<TFloat32> free = tf.select(tf.math.logicalOr(tf.constant(banned), repeated), never, logProbs);
        Operand<TBool> atLast = tf.math.equal(tf.math.add(step, tf.constant(1)), steps);
        Operand<TFloat32> chosen = tf.select(atLast, last, free);

        Operand<TInt32> columns = tf.gather(tf.shape(forced), tf.constant(1), tf.constant(0));
        Operand<TInt32> column = tf.math.minimum(step, tf.math.sub(columns, tf.constant(1)));
        Operand<TInt32> given =
                tf.reshape(tf.gather(forced, column, tf.constant(1)), tf.array(-1, 1, 1)); // [N or 1, 1, 1]
        Operand<TFloat32> followed = tf.select(tf.math.equal(ids, given), logProbs, never);
        Operand<TBool> choosing = tf.math.less(given, tf.constant(0));
        Operand<TFloat32> open = tf.select(choosing, chosen, followed);

        // A finished caption is followed by padding, at no cost.
        Operand<TFloat32> padOnly = tf.select(isPad, tf.constant(0f), never); // [V]
        Operand<TBool> over = tf.math.logicalOr(
                tf.expandDims(done, tf.constant(-1)), tf.math.equal(given, tf.constant(Vocabulary.PAD)));
        return tf.select(over, padOnly, open);
    }
}
