package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import io.captioner.training.decoder.DecoderSize;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The loss of a step: cross-entropy of the real words, and penalties on the attention maps. */
final class CaptionLoss {
    private final Ops tf;
    private final DecoderSize size;
    private final TrainingSettings settings;
    private final Placeholder<TFloat32> smoothing;
    private final Placeholder<TFloat32> captionWeights;

    CaptionLoss(Ops tf, DecoderSize size, TrainingSettings settings) {
        this.tf = tf;
        this.size = size;
        this.settings = settings;
        this.smoothing = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        this.captionWeights = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
    }

    /**
     * Returns the mean over the real words of the batch, not over padding, of their cross-entropy with label smoothing;
     * each caption by its weight: [].
     *
     * @param logits [T * N, V]
     * @param targets [T * N]
     * @param real 1 for a word, 0 for padding, [T * N]
     */
    Operand<TFloat32> crossEntropy(
            Operand<TFloat32> logits, Operand<TInt32> targets, Operand<TFloat32> real, int length) {
        Operand<TFloat32> wanted = tf.oneHot(
                targets,
                tf.constant(size.vocabulary()),
                tf.math.sub(tf.constant(1f), smoothing),
                tf.math.div(smoothing, tf.constant(size.vocabulary() - 1f)));
        Operand<TFloat32> crossEntropy =
                tf.nn.softmaxCrossEntropyWithLogits(logits, wanted).loss();
        Operand<TFloat32> counted = tf.math.mul(real, tf.tile(captionWeights, tf.array(length)));
        return tf.math.div(tf.sum(tf.math.mul(crossEntropy, counted), tf.constant(0)), tf.sum(real, tf.constant(0)));
    }

    /** Feeds a step its label smoothing and the weight of each of its captions. */
    void feed(Feed feed, float labelSmoothing, List<Float> weights) {
        float[] weightOfEach = new float[weights.size()];
        for (int i = 0; i < weightOfEach.length; i++) {
            weightOfEach[i] = weights.get(i);
        }
        feed.put(smoothing, TFloat32.scalarOf(labelSmoothing)).put(captionWeights, TFloat32.vectorOf(weightOfEach));
    }

    /** The attention maps of a step, with their penalties. */
    final class Maps {
        private final List<Operand<TFloat32>> alphas = new ArrayList<>();
        private final List<Operand<TFloat32>> penalties = new ArrayList<>();

        /** Adds the map alpha [N, L] before a target [N]. */
        void add(Operand<TFloat32> alpha, Operand<TInt32> target) {
            Operand<TFloat32> isReal =
                    tf.dtypes.cast(tf.math.notEqual(target, tf.constant(Vocabulary.PAD)), TFloat32.class); // [N]
            alphas.add(tf.math.mul(alpha, tf.expandDims(isReal, tf.constant(1))));
            if (settings.entropyWeight() > 0) {
                penalties.add(tf.math.mul(entropyPenalty(alpha), isReal));
            }
        }

        /** Returns what is added to the loss; a term of weight 0 is not even computed. */
        List<Operand<TFloat32>> terms(Operand<TFloat32> real) {
            List<Operand<TFloat32>> terms = new ArrayList<>();
            if (settings.doublyStochastic() > 0 && !alphas.isEmpty()) {
                terms.add(tf.math.mul(tf.constant(settings.doublyStochastic()), doublyStochasticTerm()));
            }
            if (!penalties.isEmpty()) {
                Operand<TFloat32> mean =
                        tf.math.div(tf.sum(tf.math.addN(penalties), tf.constant(0)), tf.sum(real, tf.constant(0)));
                terms.add(tf.math.mul(tf.constant(settings.entropyWeight()), mean));
            }
            return terms;
        }

        /** (1 - sum over t of alpha_ti)², Xu et al. 2015, section 4.2.1, equation 14: a mean over images and places. */
        private Operand<TFloat32> doublyStochasticTerm() {
            Operand<TFloat32> total = tf.math.addN(alphas); // [N, L]
            return tf.math.mean(tf.math.square(tf.math.sub(tf.constant(1f), total)), tf.array(0, 1));
        }

        /**
         * By how much the entropy of alpha, as a share of ln L, is above its target: [N]. Neither the likelihood nor
         * the doubly stochastic term rewards a sharp map: uniform attention scores as well.
         */
        private Operand<TFloat32> entropyPenalty(Operand<TFloat32> alpha) {
            Operand<TFloat32> logs = tf.math.log(tf.math.maximum(alpha, tf.constant(Float.MIN_NORMAL)));
            Operand<TFloat32> entropy =
                    tf.math.mul(tf.sum(tf.math.mul(alpha, logs), tf.constant(1)), tf.constant((float)
                            (-1 / Math.log(size.cells()))));
            return tf.nn.relu(tf.math.sub(entropy, tf.constant(settings.entropyTarget())));
        }
    }
}
