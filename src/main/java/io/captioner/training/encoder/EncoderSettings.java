package io.captioner.training.encoder;

import io.captioner.image.Interpolation;
import io.captioner.jobs.UnusableJobException;
import io.captioner.training.weights.Precision;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * Which encoder makes features of photos.
 *
 * @param name the network
 * @param weights Keras' {@code .h5} file of it, with or without its classifier; of a torchvision network the
 *     {@code .pth} file; or the directory of the SavedModel. Needed, unless the run starts from a bundle
 * @param inputSize the side of its input in pixels; the size it was published for if not given
 * @param pooled whether its grid is averaged into one vector: then there is nothing to attend to
 * @param grid rows and columns of the grid that its own is averaged to, or enlarged; its own if not given
 * @param interpolation how photos are stretched to its input; another than the program's own for weights that were
 *     trained with it
 * @param resizedTo side in pixels of the square that photos are stretched to, of which the middle goes in; all of it if
 *     not given
 * @param precision what features of training photos are computed in; if not given, bfloat16 where processors have tiles
 *     for it. Those of validation photos are in float32 always, as the bundle's
 * @param savedModel how a SavedModel is used; of no other encoder
 */
public record EncoderSettings(
        @DefaultValue("mobilenet_v2") Name name,
        @Nullable Path weights,
        @Nullable @Positive Integer inputSize,
        @DefaultValue("false") boolean pooled,
        @Nullable @Positive Integer grid,
        @DefaultValue("automatic") Interpolation interpolation,
        @Nullable @Positive Integer resizedTo,
        @Nullable Precision precision,
        @Valid @DefaultValue SavedModel savedModel) {

    /**
     * Returns where the weights are.
     *
     * @throws UnusableJobException if that is not set
     */
    public Path weightsFile() {
        if (weights == null) {
            throw new UnusableJobException(
                    "captioner.training.encoder.weights is not set: name Keras' .h5 file of %s, the directory of a SavedModel, or a bundle to start from in captioner.training.start-from"
                            .formatted(name));
        }
        return weights;
    }

    /** Returns what features of training photos are computed in on this machine. */
    public Precision trainingPrecision() throws IOException {
        return precision == null ? Precision.ofThisMachine() : precision;
    }

    /**
     * How a SavedModel is used.
     *
     * @param signature key of the signature
     * @param input name of its input, uint8 or float32 {@code [N, height, width, 3]}; its only one if not given
     * @param output name of its output, float32 {@code [N, rows, columns, C]}, {@code [N, L, C]} or {@code [N, C]}; its
     *     only one if not given
     * @param scaling what is done to RGB values from 0 to 255 before a float input; a uint8 input takes them as they
     *     are
     * @param rows rows of an output {@code [N, L, C]}; a square is taken if not given
     */
    public record SavedModel(
            @DefaultValue("serving_default") String signature,
            @Nullable String input,
            @Nullable String output,
            @DefaultValue("none") Scaling scaling,
            @Nullable @Positive Integer rows) {}

    /** The encoders that settings can name. */
    public enum Name {
        /** {@link MobileNetV2}. */
        MOBILENET_V2,
        /** {@link EfficientNetLite}, the smallest. */
        EFFICIENTNET_LITE0,
        /** {@link EfficientNetLite}, wider and deeper. */
        EFFICIENTNET_LITE2,
        /** {@link InceptionV3}. */
        INCEPTION_V3,
        /** {@link ResNet} of 50 layers. */
        RESNET50,
        /** {@link ResNet} of 101 layers. */
        RESNET101,
        /** {@link ResNet} of 152 layers. */
        RESNET152,
        /** {@link ResNet} of 50 layers as torchvision has it. */
        RESNET50_TORCHVISION,
        /** {@link ResNet} of 101 layers as torchvision has it. */
        RESNET101_TORCHVISION,
        /** {@link ResNet} of 152 layers as torchvision has it. */
        RESNET152_TORCHVISION,
        /** {@link SavedModelEncoder}. */
        SAVED_MODEL
    }

    /**
     * What a network expects of an RGB value {@code x} from 0 to 255 (the modes of Keras' {@code preprocess_input}).
     */
    public enum Scaling {
        /** The value as it is. */
        NONE("x"),
        /** From 0 to 1. */
        ZERO_TO_ONE("x / 255"),
        /** From -1 to 1: Keras' mode {@code tf}. */
        MINUS_ONE_TO_ONE("x / 127.5 - 1"),
        /** From -1 to 1, as EfficientNet-Lite was trained. */
        MINUS_127("(x - 127) / 128"),
        /** ImageNet's mean taken off and divided by its deviation: torchvision's {@code Normalize}. */
        IMAGENET_MEAN_AND_DEVIATION("(x / 255 - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)"),
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

        /**
         * Adds the scaling to a graph: uint8 {@code [N, H, W, 3]}, or 9 with the parts of values that are no whole
         * numbers ({@link io.captioner.image.ImagePreparation#channels}), to float32 {@code [N, H, W, 3]}.
         */
        Operand<TFloat32> apply(Ops tf, Operand<TUint8> images) {
            Operand<TFloat32> x = values(tf, images);
            return switch (this) {
                case NONE -> x;
                case ZERO_TO_ONE -> tf.math.mul(x, tf.constant(1 / 255f));
                case MINUS_ONE_TO_ONE -> tf.math.sub(tf.math.mul(x, tf.constant(1 / 127.5f)), tf.constant(1f));
                case MINUS_127 -> tf.math.mul(tf.math.sub(x, tf.constant(127f)), tf.constant(1 / 128f));
                case IMAGENET_MEAN_AND_DEVIATION ->
                    tf.math.div(
                            tf.math.sub(
                                    tf.math.div(x, tf.constant(255f)), tf.constant(new float[] {.485f, .456f, .406f})),
                            tf.constant(new float[] {.229f, .224f, .225f}));
                case BGR_MINUS_MEAN ->
                    tf.math.sub(tf.reverse(x, tf.array(3)), tf.constant(new float[] {103.939f, 116.779f, 123.68f}));
            };
        }

        private static Operand<TFloat32> values(Ops tf, Operand<TUint8> images) {
            Operand<TFloat32> bytes = tf.dtypes.cast(images, TFloat32.class);
            long parts = images.shape().get(3) / 3;
            if (parts <= 1) {
                return bytes;
            }
            List<Output<TFloat32>> split =
                    tf.split(tf.constant(3), bytes, parts).output();
            Operand<TFloat32> value = split.get(0);
            for (int part = 1; part < parts; part++) {
                float unit = (float) Math.pow(256, -part);
                value = tf.math.add(value, tf.math.mul(split.get(part), tf.constant(unit)));
            }
            return value;
        }
    }
}
