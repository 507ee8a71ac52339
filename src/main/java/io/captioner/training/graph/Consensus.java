package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The order of a beam's K hypotheses by the similarity that a hypothesis is expected to have to a caption that the
 * model might mean: minimum Bayes risk decoding (Kumar and Byrne 2004, section 2). What it might mean are the
 * hypotheses themselves, with the softmax of their scores over {@value #TEMPERATURE} as probabilities. The similarity
 * is the mean of the cosines of the counts of words and of pairs of words.
 */
final class Consensus {
    private static final float TEMPERATURE = 0.3f;
    private static final float LEAST = 1e-6f; // of a divisor

    private final Ops tf;
    private final Operand<TInt32> tokens;
    private final Operand<TFloat32> scores;

    /**
     * Takes hypotheses in any order.
     *
     * @param tokens words, the end, padding: [N, K, S]
     * @param scores {@link NextWords#NEVER} or less for a place without a caption, [N, K]
     */
    Consensus(Ops tf, Operand<TInt32> tokens, Operand<TFloat32> scores) {
        this.tf = tf;
        this.tokens = tokens;
        this.scores = scores;
    }

    /** Returns the places of the hypotheses, best first and places without a caption last: [N, K]. */
    Operand<TInt32> order() {
        Operand<TFloat32> probabilities = tf.nn.softmax(tf.math.div(scores, tf.constant(TEMPERATURE))); // [N, K]
        Operand<TFloat32> expected =
                tf.sum(tf.math.mul(similarity(), tf.expandDims(probabilities, tf.constant(1))), tf.constant(2));
        Operand<TFloat32> ranked = tf.select(
                tf.math.lessEqual(scores, tf.constant(NextWords.NEVER)),
                tf.math.sub(expected, tf.constant(2f)),
                expected);
        Operand<TInt32> k = tf.gather(tf.shape(ranked), tf.constant(1), tf.constant(0));
        return tf.nn.topK(ranked, k, TInt32.class).indices();
    }

    /** Returns the similarity of each hypothesis to each of its image, [N, K, K]. */
    private Operand<TFloat32> similarity() {
        Operand<TFloat32> words = equalWords(); // [N, K, K, S, S]
        int[] from = {0, 0, 0, 0, 0};
        int[] second = {0, 0, 0, 1, 1};
        Operand<TInt32> size = tf.math.sub(tf.shape(words), tf.constant(second));
        Operand<TFloat32> pairs =
                tf.math.mul(tf.slice(words, tf.constant(from), size), tf.slice(words, tf.constant(second), size));
        return tf.math.mul(tf.math.add(cosine(words), cosine(pairs)), tf.constant(0.5f));
    }

    /** Returns 1 where word s of hypothesis a is word t of hypothesis b, [N, a, b, s, t]. */
    private Operand<TFloat32> equalWords() {
        Operand<TInt32> ofA = tf.expandDims(tf.expandDims(tokens, tf.constant(2)), tf.constant(4)); // [N, K, 1, S, 1]
        Operand<TInt32> ofB = tf.expandDims(tf.expandDims(tokens, tf.constant(1)), tf.constant(3)); // [N, 1, K, 1, S]
        return tf.dtypes.cast(
                tf.math.logicalAnd(tf.math.equal(ofA, ofB), tf.math.greater(ofA, tf.constant(Vocabulary.END))),
                TFloat32.class);
    }

    /** Returns the cosines of counts from what is equal, whose sum is their product: [N, K, K]. */
    private Operand<TFloat32> cosine(Operand<TFloat32> equal) {
        Operand<TFloat32> product = tf.sum(equal, tf.array(3, 4));
        Operand<TFloat32> squares = tf.linalg.matrixDiagPart(product, tf.constant(0), tf.constant(0f)); // [N, K]
        Operand<TFloat32> lengths = tf.math.sqrt(
                tf.math.mul(tf.expandDims(squares, tf.constant(2)), tf.expandDims(squares, tf.constant(1))));
        return tf.math.div(product, tf.math.maximum(lengths, tf.constant(LEAST)));
    }
}
