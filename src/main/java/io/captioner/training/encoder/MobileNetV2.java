package io.captioner.training.encoder;

import io.captioner.image.ImageSize;
import io.captioner.training.encoder.EncoderSettings.Scaling;
import io.captioner.training.weights.WeightSource;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * MobileNetV2 at width 1.0 without its classifier, with Keras' layer names (Sandler et al., 2018, table 2; Keras
 * Applications {@code mobilenet_v2}).
 *
 * <p>Keras pads stride-2 convolutions by {@code ((0, 1), (0, 1))}: for the even sizes accepted here that is what
 * {@code SAME} does.
 */
public final class MobileNetV2 implements Encoder {
    private static final int STRIDE = 32;
    private static final int CHANNELS = 1280;
    private static final int EXPANSION = 6;
    private static final int CLASSES = 1000;
    private static final float EPSILON = 1e-3f;
    private static final Scaling SCALING = Scaling.MINUS_ONE_TO_ONE;
    private static final List<Stage> STAGES = List.of(
            new Stage(24, 2, 2),
            new Stage(32, 3, 2),
            new Stage(64, 4, 2),
            new Stage(96, 3, 1),
            new Stage(160, 3, 2),
            new Stage(320, 1, 1));

    private final ImageSize inputSize;

    /** Blocks of one width: the first has the stride. */
    private record Stage(int filters, int blocks, int stride) {}

    /** The network as published, for 224 × 224 pixels. */
    public MobileNetV2() {
        this(new ImageSize(224, 224));
    }

    /**
     * The network for another input size; the weights are the same.
     *
     * @throws IllegalArgumentException if a side is no multiple of 32
     */
    public MobileNetV2(ImageSize inputSize) {
        if (inputSize.width() % STRIDE != 0 || inputSize.height() % STRIDE != 0) {
            throw new IllegalArgumentException("MobileNetV2 takes sides that are multiples of %d, not %d x %d"
                    .formatted(STRIDE, inputSize.width(), inputSize.height()));
        }
        this.inputSize = inputSize;
    }

    @Override
    public String name() {
        return "mobilenet_v2_1.0_%dx%d".formatted(inputSize.width(), inputSize.height());
    }

    @Override
    public ImageSize inputSize() {
        return inputSize;
    }

    @Override
    public int rows() {
        return inputSize.height() / STRIDE;
    }

    @Override
    public int columns() {
        return inputSize.width() / STRIDE;
    }

    @Override
    public int channels() {
        return CHANNELS;
    }

    @Override
    public String scale() {
        return SCALING.formula();
    }

    /** Older Keras called the classifier {@code Logits}. */
    @Override
    public List<Map<String, Shape>> classifiers() {
        return List.of(Encoder.dense("predictions", CHANNELS, CLASSES), Encoder.dense("Logits", CHANNELS, CLASSES));
    }

    @Override
    public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
        Blocks blocks = new Blocks(tf, new Layers(tf, weights, EPSILON, true, false));
        Operand<TFloat32> x = SCALING.apply(tf, images);
        x = tf.nn.relu6(blocks.convolution(x, "Conv1", "bn_Conv1", 3, 3, 32, 2)); // [N, H/2, W/2, 32]
        x = tf.nn.relu6(blocks.depthwise(x, "expanded_conv_depthwise", 32, 1));
        x = blocks.convolution(x, "expanded_conv_project", "expanded_conv_project_BN", 1, 32, 16, 1);
        int inputs = 16;
        int block = 1;
        for (Stage stage : STAGES) {
            for (int i = 0; i < stage.blocks(); i++) {
                int stride = i == 0 ? stage.stride() : 1;
                x = blocks.invertedResidual(x, "block_" + block, inputs, stage.filters(), stride);
                inputs = stage.filters();
                block++;
            }
        }
        x = tf.nn.relu6(blocks.convolution(x, "Conv_1", "Conv_1_bn", 1, inputs, CHANNELS, 1)); // [N, rows, columns, C]
        return tf.reshape(x, tf.array(-1, rows() * columns(), CHANNELS));
    }

    /** The blocks, in one graph. */
    private record Blocks(Ops tf, Layers layers) {
        Operand<TFloat32> invertedResidual(Operand<TFloat32> x, String name, int inputs, int outputs, int stride) {
            int expanded = inputs * EXPANSION;
            Operand<TFloat32> y =
                    tf.nn.relu6(convolution(x, name + "_expand", name + "_expand_BN", 1, inputs, expanded, 1));
            y = tf.nn.relu6(depthwise(y, name + "_depthwise", expanded, stride));
            y = convolution(y, name + "_project", name + "_project_BN", 1, expanded, outputs, 1);
            return stride == 1 && inputs == outputs ? tf.math.add(x, y) : y;
        }

        Operand<TFloat32> convolution(
                Operand<TFloat32> x, String name, String norm, int size, int inputs, int outputs, int stride) {
            return layers.convolution(x, name, norm, Layers.Kernel.square(size, inputs, outputs, stride, Layers.SAME));
        }

        Operand<TFloat32> depthwise(Operand<TFloat32> x, String name, int channels, int stride) {
            return layers.depthwise(x, name, name + "_BN", channels, stride);
        }
    }
}
