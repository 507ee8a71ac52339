package io.captioner.training.encoder;

import io.captioner.image.ImageSize;
import io.captioner.training.weights.KerasFile;
import io.captioner.training.weights.NamedWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Encoders and their weights by name. */
public final class Encoders {
    private Encoders() {}

    /**
     * Returns the encoder of the settings.
     *
     * @throws IOException if a SavedModel cannot be read, or cannot serve as encoder
     * @throws IllegalArgumentException if the network does not take that input size
     */
    public static Encoder create(EncoderSettings settings) throws IOException {
        Integer side = settings.inputSize();
        if (settings.name() == EncoderSettings.Name.SAVED_MODEL) {
            return pooled(
                    SavedModelEncoder.read(settings.weightsFile(), settings.savedModel(), side), settings.pooled());
        }
        return published(settings.name(), side, settings.pooled());
    }

    /**
     * Returns an encoder that this program builds itself.
     *
     * @param side of its input in pixels; the size it was published for if null
     * @throws IllegalArgumentException if the network does not take that input size, or is a SavedModel
     */
    public static Encoder published(EncoderSettings.Name name, @Nullable Integer side, boolean pooled) {
        return pooled(
                switch (name) {
                    case MOBILENET_V2 -> sized(side, MobileNetV2::new, MobileNetV2::new);
                    case EFFICIENTNET_LITE0 -> sized(side, EfficientNetLite::lite0, EfficientNetLite::lite0);
                    case EFFICIENTNET_LITE2 -> sized(side, EfficientNetLite::lite2, EfficientNetLite::lite2);
                    case INCEPTION_V3 -> sized(side, InceptionV3::new, InceptionV3::new);
                    case RESNET50 -> sized(side, ResNet::of50, ResNet::of50);
                    case RESNET101 -> sized(side, ResNet::of101, ResNet::of101);
                    case RESNET152 -> sized(side, ResNet::of152, ResNet::of152);
                    case SAVED_MODEL -> throw new IllegalArgumentException("bug: a SavedModel is read, not built");
                },
                pooled);
    }

    private static Encoder pooled(Encoder encoder, boolean pooled) {
        return pooled ? new PooledEncoder(encoder) : encoder;
    }

    /** Reads all weights of an encoder's file, to be fitted to it. */
    public static NamedWeights readWeights(EncoderSettings settings) throws IOException {
        Path file = settings.weightsFile();
        return settings.name() == EncoderSettings.Name.SAVED_MODEL
                ? SavedModelEncoder.weights(file)
                : KerasFile.read(file);
    }

    private static Encoder sized(
            @Nullable Integer side, Supplier<Encoder> published, Function<ImageSize, Encoder> resized) {
        return side == null ? published.get() : resized.apply(new ImageSize(side, side));
    }
}
