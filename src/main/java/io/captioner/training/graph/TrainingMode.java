package io.captioner.training.graph;

import io.captioner.training.decoder.DecoderLayers;
import io.captioner.training.decoder.Mode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Dropout whose masks follow from a seed, and normalisation with the statistics of the batch, which it collects. */
final class TrainingMode implements Mode {
    private final Dropout channels;
    private final Dropout features;
    private final Dropout embedding;
    private final Dropout output;
    private final Map<String, Operand<TFloat32>> statistics = new LinkedHashMap<>();

    TrainingMode(Ops tf, Dropout.Inputs dropout, TrainingSettings settings) {
        this.channels = Dropout.ofChannels(tf, dropout, 1, settings.dropFeatures());
        this.features = Dropout.ofValues(tf, dropout, 1, settings.dropFeatures());
        this.embedding = Dropout.ofValues(tf, dropout, 2, settings.dropEmbedding());
        this.output = Dropout.ofValues(tf, dropout, 3, settings.dropOutput());
    }

    @Override
    public Operand<TFloat32> dropChannels(Operand<TFloat32> x) {
        return channels.apply(x);
    }

    @Override
    public Operand<TFloat32> dropFeatures(Operand<TFloat32> x) {
        return features.apply(x);
    }

    @Override
    public Operand<TFloat32> dropOutput(Operand<TFloat32> x) {
        return output.apply(x);
    }

    /** Drops values of words' embeddings. */
    Operand<TFloat32> dropEmbedding(Operand<TFloat32> x) {
        return embedding.apply(x);
    }

    @Override
    public Operand<TFloat32> normalise(DecoderLayers layers, Operand<TFloat32> x, String name, long width) {
        Ops tf = layers.tf();
        Operand<TFloat32> mean = tf.math.mean(x, tf.constant(0));
        Operand<TFloat32> variance = tf.math.mean(tf.math.square(tf.math.sub(x, mean)), tf.constant(0));
        statistics.put(name + MOVING_MEAN, mean);
        statistics.put(name + MOVING_VARIANCE, variance);
        return Mode.scaled(layers, x, mean, variance, name, width);
    }

    /** Returns the batch's statistics, by the names of the weights that move towards them. */
    Map<String, Operand<TFloat32>> statistics() {
        return statistics;
    }
}
