package io.captioner.training.encoder;

import io.captioner.training.weights.WeightSource;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The layers that the networks are made of, each adding itself to one graph.
 *
 * <p>BatchNorm is in inference mode and multiplied into the kernel before it. With constant weights TensorFlow folds
 * that product once a session; with variables it stays differentiable.
 *
 * @param epsilon what BatchNorm adds to the variance
 * @param scaled whether BatchNorm has a {@code gamma}
 * @param biased whether convolutions have a {@code bias} of their own before BatchNorm
 */
record Layers(Ops tf, WeightSource weights, float epsilon, boolean scaled, boolean biased) {
    static final String SAME = "SAME";
    static final String VALID = "VALID";

    /** The kernel of a convolution and how it moves. */
    record Kernel(int rows, int columns, int inputs, int outputs, int stride, String padding) {
        static Kernel square(int size, int inputs, int outputs, int stride, String padding) {
            return new Kernel(size, size, inputs, outputs, stride, padding);
        }
    }

    /** BatchNorm in inference mode as {@code x * scale + shift}, both {@code [C]}. */
    private record BatchNorm(Operand<TFloat32> scale, Operand<TFloat32> shift) {}

    /** A convolution and the BatchNorm after it. */
    Operand<TFloat32> convolution(Operand<TFloat32> x, String name, String norm, Kernel shape) {
        Operand<TFloat32> kernel =
                weights.get(name + "/kernel", shape.rows(), shape.columns(), shape.inputs(), shape.outputs());
        BatchNorm batchNorm = batchNorm(name, norm, shape.outputs());
        Operand<TFloat32> scaled = tf.math.mul(kernel, batchNorm.scale());
        return tf.nn.biasAdd(tf.nn.conv2d(x, scaled, strides(shape.stride()), shape.padding()), batchNorm.shift());
    }

    /** A depthwise convolution of size × size and the BatchNorm after it. */
    Operand<TFloat32> depthwise(Operand<TFloat32> x, String name, String norm, int size, int channels, int stride) {
        Operand<TFloat32> kernel = weights.get(name + "/depthwise_kernel", size, size, channels, 1);
        BatchNorm batchNorm = batchNorm(name, norm, channels);
        Operand<TFloat32> scale = tf.expandDims(batchNorm.scale(), tf.constant(1)); // [C, 1]
        Operand<TFloat32> y = tf.nn.depthwiseConv2dNative(x, tf.math.mul(kernel, scale), strides(stride), SAME);
        return tf.nn.biasAdd(y, batchNorm.shift());
    }

    /**
     * An inverted residual with a linear bottleneck (Sandler et al. 2018, section 3.3). Its layers are
     * {@code <name>_expand}, absent where expansion is 1, {@code _depthwise} and {@code _project}, each with a
     * {@code _BN}.
     *
     * @param size of the depthwise kernel
     */
    Operand<TFloat32> invertedResidual(
            Operand<TFloat32> x, String name, int size, int inputs, int expansion, int outputs, int stride) {
        int expanded = inputs * expansion;
        Operand<TFloat32> y = x;
        if (expansion > 1) {
            y = tf.nn.relu6(
                    convolution(y, name + "_expand", name + "_expand_BN", Kernel.square(1, inputs, expanded, 1, SAME)));
        }
        y = tf.nn.relu6(depthwise(y, name + "_depthwise", name + "_depthwise_BN", size, expanded, stride));
        y = convolution(y, name + "_project", name + "_project_BN", Kernel.square(1, expanded, outputs, 1, SAME));
        return stride == 1 && inputs == outputs ? tf.math.add(x, y) : y;
    }

    /** Zeros around the rows and columns. */
    Operand<TFloat32> pad(Operand<TFloat32> x, int border) {
        int[][] paddings = {{0, 0}, {border, border}, {border, border}, {0, 0}};
        return tf.pad(x, tf.constant(paddings), tf.constant(0f));
    }

    /** The largest of 3 × 3 values, with stride 2. */
    Operand<TFloat32> maxPool(Operand<TFloat32> x) {
        return tf.nn.maxPool(x, tf.array(1, 3, 3, 1), tf.array(1, 2, 2, 1), VALID);
    }

    /** The mean of up to 3 × 3 values around each, what lies outside not counted. */
    Operand<TFloat32> averagePool(Operand<TFloat32> x) {
        return tf.nn.avgPool(x, List.of(1L, 3L, 3L, 1L), strides(1), SAME);
    }

    private BatchNorm batchNorm(String convolution, String name, int channels) {
        Operand<TFloat32> beta = weights.get(name + "/beta", channels);
        Operand<TFloat32> mean = weights.get(name + "/moving_mean", channels);
        Operand<TFloat32> variance = weights.get(name + "/moving_variance", channels);
        Operand<TFloat32> scale = tf.math.rsqrt(tf.math.add(variance, tf.constant(epsilon)));
        if (scaled) {
            scale = tf.math.mul(weights.get(name + "/gamma", channels), scale);
        }
        Operand<TFloat32> centre = biased ? tf.math.sub(mean, weights.get(convolution + "/bias", channels)) : mean;
        return new BatchNorm(scale, tf.math.sub(beta, tf.math.mul(centre, scale)));
    }

    private static List<Long> strides(long stride) {
        return List.of(1L, stride, stride, 1L);
    }
}
