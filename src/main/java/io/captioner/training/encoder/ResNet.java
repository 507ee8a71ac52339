package io.captioner.training.encoder;

import io.captioner.image.ImageSize;
import io.captioner.training.encoder.EncoderSettings.Scaling;
import io.captioner.training.weights.WeightSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * ResNet with bottlenecks, version 1, without its classifier, with Keras' layer names (He et al., 2016, table 1), in
 * two {@linkplain Variant variants}.
 */
public final class ResNet implements Encoder {
    private static final int STRIDE = 32;
    private static final int CHANNELS = 2048;
    private static final int CLASSES = 1000;
    private static final ImageSize PUBLISHED = new ImageSize(224, 224);

    private final Variant variant;
    private final int depth;
    private final List<Integer> blocks;
    private final ImageSize inputSize;

    /** Who trained the published weights: the networks differ in small things. */
    public enum Variant {
        /**
         * Keras Applications {@code resnet}: stride 2 is in the first 1 × 1 convolution of a stage, convolutions have
         * biases.
         */
        KERAS("resnet", 1.001e-5f, true, Scaling.BGR_MINUS_MEAN),
        /**
         * PyTorch's {@code torchvision.models.resnet}: stride 2 is in the 3 × 3 convolution of a stage's first block.
         */
        TORCHVISION("resnet_torchvision", 1e-5f, false, Scaling.IMAGENET_MEAN_AND_DEVIATION);

        private final String label;
        private final float epsilon;
        private final boolean biased;
        private final Scaling scaling;

        Variant(String label, float epsilon, boolean biased, Scaling scaling) {
            this.label = label;
            this.epsilon = epsilon;
            this.biased = biased;
            this.scaling = scaling;
        }
    }

    private ResNet(Variant variant, int depth, List<Integer> blocks, ImageSize inputSize) {
        if (inputSize.width() % STRIDE != 0 || inputSize.height() % STRIDE != 0) {
            throw new IllegalArgumentException("ResNet takes sides that are multiples of %d, not %d x %d"
                    .formatted(STRIDE, inputSize.width(), inputSize.height()));
        }
        this.variant = variant;
        this.depth = depth;
        this.blocks = blocks;
        this.inputSize = inputSize;
    }

    /** ResNet-50 as published, for 224 × 224 pixels. */
    public static ResNet of50() {
        return of50(PUBLISHED);
    }

    /**
     * ResNet-50 for another input size; the weights are the same.
     *
     * @throws IllegalArgumentException if a side is no multiple of 32
     */
    public static ResNet of50(ImageSize inputSize) {
        return new ResNet(Variant.KERAS, 50, List.of(3, 4, 6, 3), inputSize);
    }

    /** ResNet-101 as published, for 224 × 224 pixels. */
    public static ResNet of101() {
        return of101(PUBLISHED);
    }

    /** ResNet-101 for another input size, as {@link #of50(ImageSize)}. */
    public static ResNet of101(ImageSize inputSize) {
        return new ResNet(Variant.KERAS, 101, List.of(3, 4, 23, 3), inputSize);
    }

    /** ResNet-152 as published, for 224 × 224 pixels. */
    public static ResNet of152() {
        return of152(PUBLISHED);
    }

    /** ResNet-152 for another input size, as {@link #of50(ImageSize)}. */
    public static ResNet of152(ImageSize inputSize) {
        return new ResNet(Variant.KERAS, 152, List.of(3, 8, 36, 3), inputSize);
    }

    /**
     * A ResNet of another variant.
     *
     * @param depth 50, 101 or 152
     * @param inputSize null for 224 × 224 pixels
     * @throws IllegalArgumentException if a side is no multiple of 32
     */
    public static ResNet of(Variant variant, int depth, @Nullable ImageSize inputSize) {
        ResNet keras = switch (depth) {
            case 50 -> of50();
            case 101 -> of101();
            case 152 -> of152();
            default -> throw new IllegalArgumentException("bug: no ResNet of depth " + depth);
        };
        return new ResNet(variant, depth, keras.blocks, inputSize == null ? PUBLISHED : inputSize);
    }

    @Override
    public String name() {
        return "%s_%dx%d"
                .formatted(
                        variant.label.replaceFirst("resnet", "resnet" + depth), inputSize.width(), inputSize.height());
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
        return variant.scaling.formula();
    }

    /**
     * The official files were written when Keras called the classifier {@code probs}; today it is {@code predictions}.
     */
    @Override
    public List<Map<String, Shape>> classifiers() {
        return List.of(Encoder.dense("predictions", CHANNELS, CLASSES), Encoder.dense("probs", CHANNELS, CLASSES));
    }

    @Override
    public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
        Layers layers = new Layers(tf, weights, variant.epsilon, true, variant.biased);
        Operand<TFloat32> x = layers.pad(variant.scaling.apply(tf, images), 3);
        x = tf.nn.relu(layers.convolution(
                x, "conv1_conv", "conv1_bn", Layers.Kernel.square(7, 3, 64, 2, Layers.VALID))); // [N, H/2, W/2, 64]
        x = layers.maxPool(layers.pad(x, 1));
        int inputs = 64;
        for (int stage = 0; stage < blocks.size(); stage++) {
            int width = 64 << stage;
            for (int block = 1; block <= blocks.get(stage); block++) {
                String name = "conv%d_block%d".formatted(stage + 2, block);
                int stride = block == 1 && stage > 0 ? 2 : 1;
                Operand<TFloat32> shortcut =
                        block == 1 ? convolution(layers, x, name + "_0", inputs, 4 * width, stride) : x;
                x = tf.nn.relu(tf.math.add(shortcut, bottleneck(tf, layers, x, name, inputs, width, stride)));
                inputs = 4 * width;
            }
        }
        return tf.reshape(x, tf.array(-1, rows() * columns(), CHANNELS));
    }

    private Operand<TFloat32> bottleneck(
            Ops tf, Layers layers, Operand<TFloat32> x, String name, int inputs, int width, int stride) {
        boolean early = variant == Variant.KERAS;
        Operand<TFloat32> y = tf.nn.relu(convolution(layers, x, name + "_1", inputs, width, early ? stride : 1));
        // Zeros on both sides, where SAME with a stride would add one side only.
        Layers.Kernel square = early || stride == 1
                ? Layers.Kernel.square(3, width, width, 1, Layers.SAME)
                : Layers.Kernel.square(3, width, width, stride, Layers.VALID);
        y = tf.nn.relu(layers.convolution(
                early || stride == 1 ? y : layers.pad(y, 1), name + "_2_conv", name + "_2_bn", square));
        return convolution(layers, y, name + "_3", width, 4 * width, 1);
    }

    /** A 1 × 1 convolution and its BatchNorm. */
    private static Operand<TFloat32> convolution(
            Layers layers, Operand<TFloat32> x, String name, int inputs, int outputs, int stride) {
        return layers.convolution(
                x, name + "_conv", name + "_bn", Layers.Kernel.square(1, inputs, outputs, stride, Layers.VALID));
    }
}
