package io.captioner.training.encoder;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** What a network expects of an RGB value {@code x} from 0 to 255 (the modes of Keras' {@code preprocess_input}). */
public enum Scaling {
    /** The value as it is. */
    NONE("x"),
    /** From 0 to 1. */
    ZERO_TO_ONE("x / 255"),
    /** From -1 to 1: Keras' mode {@code tf}. */
    MINUS_ONE_TO_ONE("x / 127.5 - 1"),
    /** Blue first and ImageNet's mean taken off: Keras' mode {@code caffe}. */
    BGR_MINUS_MEAN("BGR, x - (103.939, 116.779, 123.68)");

    private final String formula;

    Scaling(String formula) {
        this.formula = formula;
    }

    /** Returns the formula, for people. */
    String formula() {
        return formula;
    }

    /** Adds the scaling to a graph: uint8 {@code [N, H, W, 3]} to float32 of the same shape. */
    Operand<TFloat32> apply(Ops tf, Operand<TUint8> images) {
        return switch (this) {
            case NONE -> tf.dtypes.cast(images, TFloat32.class);
            case ZERO_TO_ONE -> tf.math.mul(tf.dtypes.cast(images, TFloat32.class), tf.constant(1 / 255f));
            case MINUS_ONE_TO_ONE ->
                tf.math.sub(
                        tf.math.mul(tf.dtypes.cast(images, TFloat32.class), tf.constant(1 / 127.5f)), tf.constant(1f));
            case BGR_MINUS_MEAN ->
                tf.math.sub(
                        tf.dtypes.cast(tf.reverse(images, tf.array(3)), TFloat32.class),
                        tf.constant(new float[] {103.939f, 116.779f, 123.68f}));
        };
    }
}
