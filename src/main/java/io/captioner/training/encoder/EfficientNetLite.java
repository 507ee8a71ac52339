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
 * EfficientNet-Lite without its classifier: EfficientNet (Tan and Le 2019, table 1) without squeeze-and-excitation,
 * with ReLU6, and with a stem and a head that do not scale. All its padding is {@code SAME}, so a side may be any
 * number.
 */
public final class EfficientNetLite implements Encoder {
    private static final int STRIDE = 32;
    private static final int STEM = 32;
    private static final int CHANNELS = 1280;
    private static final int CLASSES = 1000;
    private static final int CHANNEL_MULTIPLE = 8;
    private static final float EPSILON = 1e-3f;
    private static final Scaling SCALING = Scaling.MINUS_127;
    private static final List<Stage> STAGES = List.of(
            new Stage(1, 3, 1, 1, 16),
            new Stage(2, 3, 2, 6, 24),
            new Stage(2, 5, 2, 6, 40),
            new Stage(3, 3, 2, 6, 80),
            new Stage(3, 5, 1, 6, 112),
            new Stage(4, 5, 2, 6, 192),
            new Stage(1, 3, 1, 6, 320));

    private final int variant;
    private final double width;
    private final double depth;
    private final ImageSize inputSize;

    /** Blocks of one width at scale 1; the first has the stride. */
    private record Stage(int blocks, int kernel, int stride, int expansion, int filters) {}

    private EfficientNetLite(int variant, double width, double depth, ImageSize inputSize) {
        this.variant = variant;
        this.width = width;
        this.depth = depth;
        this.inputSize = inputSize;
    }

    /** Lite0 as published, for 224 × 224 pixels. */
    public static EfficientNetLite lite0() {
        return lite0(new ImageSize(224, 224));
    }

    /** Lite0 for another input size; the weights are the same. */
    public static EfficientNetLite lite0(ImageSize inputSize) {
        return new EfficientNetLite(0, 1, 1, inputSize);
    }

    /** Lite2 as published, for 260 × 260 pixels. */
    public static EfficientNetLite lite2() {
        return lite2(new ImageSize(260, 260));
    }

    /** Lite2 for another input size; the weights are the same. */
    public static EfficientNetLite lite2(ImageSize inputSize) {
        return new EfficientNetLite(2, 1.1, 1.2, inputSize);
    }

    @Override
    public String name() {
        return "efficientnet_lite%d_%dx%d".formatted(variant, inputSize.width(), inputSize.height());
    }

    @Override
    public ImageSize inputSize() {
        return inputSize;
    }

    @Override
    public int rows() {
        return (inputSize.height() + STRIDE - 1) / STRIDE;
    }

    @Override
    public int columns() {
        return (inputSize.width() + STRIDE - 1) / STRIDE;
    }

    @Override
    public int channels() {
        return CHANNELS;
    }

    @Override
    public String scale() {
        return SCALING.formula();
    }

    @Override
    public List<Map<String, Shape>> classifiers() {
        return List.of(Encoder.dense("predictions", CHANNELS, CLASSES));
    }

    @Override
    public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
        Layers layers = new Layers(tf, weights, EPSILON, true, false);
        Operand<TFloat32> x = SCALING.apply(tf, images);
        x = tf.nn.relu6(
                layers.convolution(x, "stem_conv", "stem_conv_BN", Layers.Kernel.square(3, 3, STEM, 2, Layers.SAME)));
        int inputs = STEM;
        int block = 0;
        for (int i = 0; i < STAGES.size(); i++) {
            Stage stage = STAGES.get(i);
            int outputs = filters(stage.filters());
            boolean deepened = i > 0 && i < STAGES.size() - 1;
            int blocks = deepened ? (int) Math.ceil(stage.blocks() * depth) : stage.blocks();
            for (int j = 0; j < blocks; j++) {
                int stride = j == 0 ? stage.stride() : 1;
                x = layers.invertedResidual(
                        x, "block" + block, stage.kernel(), inputs, stage.expansion(), outputs, stride);
                inputs = outputs;
                block++;
            }
        }
        x = tf.nn.relu6(layers.convolution(
                x, "head_conv", "head_conv_BN", Layers.Kernel.square(1, inputs, CHANNELS, 1, Layers.SAME)));
        return tf.reshape(x, tf.array(-1, rows() * columns(), CHANNELS)); // from [N, rows, columns, C]
    }

    /** Returns the nearest multiple of 8, but not less than nine tenths. */
    private int filters(int atScale1) {
        double scaled = atScale1 * width;
        int rounded =
                Math.max(CHANNEL_MULTIPLE, (int) (scaled + CHANNEL_MULTIPLE / 2) / CHANNEL_MULTIPLE * CHANNEL_MULTIPLE);
        return rounded < 0.9 * scaled ? rounded + CHANNEL_MULTIPLE : rounded;
    }
}
