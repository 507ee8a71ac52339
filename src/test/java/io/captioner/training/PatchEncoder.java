package io.captioner.training;

import io.captioner.image.ImageSize;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.weights.WeightSource;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** One convolution over patches of 16 × 16 pixels: an encoder that is quick, and tells colours apart untrained. */
public final class PatchEncoder implements Encoder {
    public static final ImageSize SIZE = new ImageSize(64, 64);

    private static final int PATCH = 16;
    private static final int CHANNELS = 24;

    @Override
    public String name() {
        return "patches";
    }

    @Override
    public ImageSize inputSize() {
        return SIZE;
    }

    @Override
    public int rows() {
        return SIZE.height() / PATCH;
    }

    @Override
    public int columns() {
        return SIZE.width() / PATCH;
    }

    @Override
    public int channels() {
        return CHANNELS;
    }

    @Override
    public String scale() {
        return "x / 127.5 - 1";
    }

    @Override
    public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
        Operand<TFloat32> x = tf.math.sub(
                tf.math.mul(tf.dtypes.cast(images, TFloat32.class), tf.constant(1 / 127.5f)), tf.constant(1f));
        Operand<TFloat32> patches = tf.nn.conv2d(
                x,
                weights.get("patches/kernel", PATCH, PATCH, 3, CHANNELS),
                List.of(1L, (long) PATCH, (long) PATCH, 1L),
                "VALID");
        Operand<TFloat32> activated = tf.nn.relu(tf.nn.biasAdd(patches, weights.get("patches/bias", CHANNELS)));
        return tf.reshape(activated, tf.array(-1, rows() * columns(), CHANNELS));
    }
}
