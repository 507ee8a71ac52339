package io.captioner.training.encoder;

import io.captioner.training.weights.Precision;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which encoder makes features of photos.
 *
 * @param name the network
 * @param weights Keras' {@code .h5} file of it, with or without its classifier; or the directory of the SavedModel
 * @param inputSize the side of its input in pixels; the size it was published for if not given
 * @param pooled whether its grid is averaged into one vector: then there is nothing to attend to
 * @param precision what features of training photos are computed in; if not given, bfloat16 where processors have tiles
 *     for it. Those of validation photos are in float32 always, as the bundle's
 * @param savedModel how a SavedModel is used; of no other encoder
 */
public record EncoderSettings(
        @DefaultValue("mobilenet_v2") EncoderName name,
        @NotNull Path weights,
        @Nullable @Positive Integer inputSize,
        @DefaultValue("false") boolean pooled,
        @Nullable Precision precision,
        @Valid @DefaultValue SavedModel savedModel) {

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
}
