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
        Layers layers = new Layers(tf, weights, EPSILON, true, false);
        Operand<TFloat32> x = SCALING.apply(tf, images);
        x = tf.nn.relu6(layers.convolution(x, "Conv1", "bn_Conv1", Layers.Kernel.square(3, 3, 32, 2, Layers.SAME)));
        x = layers.invertedResidual(x, "expanded_conv", 3, 32, 1, 16, 1); // [N, H/2, W/2, 16]
        int inputs = 16;
        int block = 1;
        for (Stage stage : STAGES) {
            for (int i = 0; i < stage.blocks(); i++) {
                int stride = i == 0 ? stage.stride() : 1;
                x = layers.invertedResidual(x, "block_" + block, 3, inputs, EXPANSION, stage.filters(), stride);
                inputs = stage.filters();
                block++;
            }
        }
        x = tf.nn.relu6(layers.convolution(
                x, "Conv_1", "Conv_1_bn", Layers.Kernel.square(1, inputs, CHANNELS, 1, Layers.SAME)));
        return tf.reshape(x, tf.array(-1, rows() * columns(), CHANNELS)); // from [N, rows, columns, C]
    }
}
