package io.captioner.training.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) over clipped gradients, with a moving average of each weight and a learning
 * rate of its own for the encoder.
 */
final class AdamOptimiser {
    private static final float BETA_1 = 0.9f;
    private static final float BETA_2 = 0.999f;
    private static final float EPSILON = 1e-8f;
    private static final float STATISTICS_MOMENTUM = 0.99f;

    private final Ops tf;
    private final TrainingSettings settings;
    private final TrainedWeights decoder;
    private final @Nullable TrainedWeights encoder;
    private final Placeholder<TFloat32> learningRate;
    private final Placeholder<TFloat32> encoderLearningRate;
    private final Placeholder<TFloat32> beta1Power;
    private final Placeholder<TFloat32> beta2Power;
    private final Placeholder<TFloat32> averageDecay;

    /**
     * One update of all weights.
     *
     * @param gradientNorm global norm before clipping
     * @param op changes the weights, after every gradient was computed from them
     */
    record Update(Operand<TFloat32> gradientNorm, Op op) {}

    /** @param encoder null where the encoder is frozen */
    AdamOptimiser(Ops tf, TrainingSettings settings, TrainedWeights decoder, @Nullable TrainedWeights encoder) {
        this.tf = tf;
        this.settings = settings;
        this.decoder = decoder;
        this.encoder = encoder;
        this.learningRate = scalar();
        this.encoderLearningRate = scalar();
        this.beta1Power = scalar();
        this.beta2Power = scalar();
        this.averageDecay = scalar();
    }

    /**
     * Adds a minimisation step of an objective to the graph.
     *
     * @param statistics of the batch, by the names of the decoder's moving statistics
     */
    Update minimise(Operand<TFloat32> objective, Map<String, Operand<TFloat32>> statistics) {
        List<TrainedWeights.Entry> entries = new ArrayList<>(decoder.trainable());
        int decoders = entries.size();
        if (encoder != null) {
            entries.addAll(encoder.trainable());
        }
        Gradients gradients = tf.gradients(
                objective, entries.stream().map(TrainedWeights.Entry::weight).toList());
        List<Operand<TFloat32>> raw = new ArrayList<>();
        List<Operand<TFloat32>> squares = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Operand<TFloat32> gradient = gradients.dy(i);
            raw.add(gradient);
            squares.add(tf.math.mul(tf.constant(2f), tf.nn.l2Loss(gradient)));
        }
        Operand<TFloat32> norm = tf.math.sqrt(tf.math.addN(squares));
        Operand<TFloat32> scale = tf.math.minimum(tf.constant(1f), tf.math.div(tf.constant(settings.clipNorm()), norm));
        List<Op> updates = new ArrayList<>();
        // No weight may change before every gradient was computed from it.
        Ops afterGradients = tf.withControlDependencies(List.<Op>copyOf(raw));
        for (int i = 0; i < entries.size(); i++) {
            Operand<TFloat32> rate = i < decoders ? learningRate : encoderLearningRate;
            updates.add(update(afterGradients, entries.get(i), rate, tf.math.mul(raw.get(i), scale)));
        }
        statistics.forEach((name, value) -> updates.add(
                moveTowards(afterGradients, decoder.entry(name).weight(), value, tf.constant(STATISTICS_MOMENTUM))));
        return new Update(norm, tf.withControlDependencies(updates).noOp());
    }

    private Op update(Ops after, TrainedWeights.Entry entry, Operand<TFloat32> rate, Operand<TFloat32> gradient) {
        Operand<TFloat32> updated = after.train.applyAdam(
                entry.weight(),
                entry.firstMoment(),
                entry.secondMoment(),
                beta1Power,
                beta2Power,
                rate,
                tf.constant(BETA_1),
                tf.constant(BETA_2),
                tf.constant(EPSILON),
                gradient);
        return moveTowards(tf, entry.average(), updated, averageDecay);
    }

    private static Op moveTowards(
            Ops tf, Variable<TFloat32> average, Operand<TFloat32> value, Operand<TFloat32> decay) {
        // One pass over the memory less than a product and a difference of their own.
        return tf.train.applyGradientDescent(average, tf.math.sub(tf.constant(1f), decay), tf.math.sub(average, value));
    }

    /** Feeds a step its number, from 1, and its learning rates. */
    void feed(Feed feed, TrainingGraph.StepPlan plan) {
        int number = plan.number();
        feed.put(learningRate, TFloat32.scalarOf(plan.learningRate()))
                .put(encoderLearningRate, TFloat32.scalarOf(plan.encoderLearningRate()))
                .put(beta1Power, TFloat32.scalarOf((float) Math.pow(BETA_1, number)))
                .put(beta2Power, TFloat32.scalarOf((float) Math.pow(BETA_2, number)))
                .put(
                        averageDecay,
                        TFloat32.scalarOf(Math.min(settings.averageDecay(), (1f + number) / (10f + number))));
    }

    private Placeholder<TFloat32> scalar() {
        return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    }
}
