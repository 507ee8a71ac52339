package io.captioner.training.encoder;

import io.captioner.jobs.UnusableJobException;
import io.captioner.training.weights.Precision;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * Which encoder makes features of photos.
 *
 * @param name the network
 * @param weights Keras' {@code .h5} file of it, with or without its classifier; or the directory of the SavedModel.
 *     Needed, unless training starts from a bundle
 * @param inputSize the side of its input in pixels; the size it was published for if not given
 * @param pooled whether its grid is averaged into one vector: then there is nothing to attend to
 * @param precision what features of training photos are computed in; if not given, bfloat16 where processors have tiles
 *     for it. Those of validation photos are in float32 always, as the bundle's
 * @param savedModel how a SavedModel is used; of no other encoder
 */
public record EncoderSettings(
        @DefaultValue("mobilenet_v2") Name name,
        @Nullable Path weights,
        @Nullable @Positive Integer inputSize,
        @DefaultValue("false") boolean pooled,
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
                            tf.math.mul(tf.dtypes.cast(images, TFloat32.class), tf.constant(1 / 127.5f)),
                            tf.constant(1f));
                case MINUS_127 ->
                    tf.math.mul(
                            tf.math.sub(tf.dtypes.cast(images, TFloat32.class), tf.constant(127f)),
                            tf.constant(1 / 128f));
                case BGR_MINUS_MEAN ->
                    tf.math.sub(
                            tf.dtypes.cast(tf.reverse(images, tf.array(3)), TFloat32.class),
                            tf.constant(new float[] {103.939f, 116.779f, 123.68f}));
            };
        }
    }
}
