package io.captioner.training.decoder;

import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The difference between training and inference: dropout, and the statistics that normalise. */
public interface Mode {
    /** Drops nothing, and normalises with the moving statistics. */
    Mode INFERENCE = new Mode() {
        @Override
        public Operand<TFloat32> normalise(DecoderLayers layers, Operand<TFloat32> x, String name, long width) {
            return scaled(
                    layers,
                    x,
                    layers.weight(name + MOVING_MEAN, width),
                    layers.weight(name + MOVING_VARIANCE, width),
                    name,
                    width);
        }
    };

    String MOVING_MEAN = "/moving_mean";
    String MOVING_VARIANCE = "/moving_variance";

    /** Added to variances before their root is taken. */
    float EPSILON = 1e-3f;

    /** Drops whole channels of projected annotation vectors [N, L, P]. */
    default Operand<TFloat32> dropChannels(Operand<TFloat32> x) {
        return x;
    }

    /** Drops values of an image's vector [N, P]. */
    default Operand<TFloat32> dropFeatures(Operand<TFloat32> x) {
        return x;
    }

    /** Drops values of the layer before the logits. */
    default Operand<TFloat32> dropOutput(Operand<TFloat32> x) {
        return x;
    }

    /**
     * Returns x [rows, width] after batch normalisation (Ioffe and Szegedy 2015), with the weights that
     * {@link #addNormalisationShapes} names.
     */
    Operand<TFloat32> normalise(DecoderLayers layers, Operand<TFloat32> x, String name, long width);

    /** Adds the weights of a batch normalisation. */
    static void addNormalisationShapes(Map<String, long[]> shapes, String name, long width) {
        shapes.put(name + "/gamma", new long[] {width});
        shapes.put(name + "/beta", new long[] {width});
        shapes.put(name + MOVING_MEAN, new long[] {width});
        shapes.put(name + MOVING_VARIANCE, new long[] {width});
    }

    /** Returns whether a weight is a moving statistic, which no gradient changes. */
    static boolean isStatistic(String weight) {
        return weight.endsWith(MOVING_MEAN) || weight.endsWith(MOVING_VARIANCE);
    }

    /** Returns gamma (x - mean) / sqrt(variance + epsilon) + beta. */
    static Operand<TFloat32> scaled(
            DecoderLayers layers,
            Operand<TFloat32> x,
            Operand<TFloat32> mean,
            Operand<TFloat32> variance,
            String name,
            long width) {
        Ops tf = layers.tf();
        Operand<TFloat32> scale = tf.math.mul(
                layers.weight(name + "/gamma", width), tf.math.rsqrt(tf.math.add(variance, tf.constant(EPSILON))));
        return tf.math.add(tf.math.mul(tf.math.sub(x, mean), scale), layers.weight(name + "/beta", width));
    }
}
