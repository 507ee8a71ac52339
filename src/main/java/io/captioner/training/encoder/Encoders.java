package io.captioner.training.encoder;

import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.training.weights.KerasFile;
import io.captioner.training.weights.NamedWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Encoders and their weights by name. */
public final class Encoders {
    private static final Pattern NAME = Pattern.compile("(.*?)(?:_grid(\\d{1,4}))?(_avg)?");

    private Encoders() {}

    /**
     * Returns the encoder of the settings.
     *
     * @throws IOException if a SavedModel cannot be read, or cannot serve as encoder
     * @throws IllegalArgumentException if the network does not take that input size
     */
    public static Encoder create(EncoderSettings settings) throws IOException {
        Integer side = settings.inputSize();
        Encoder encoder = settings.name() == EncoderSettings.Name.SAVED_MODEL
                ? SavedModelEncoder.read(settings.weightsFile(), settings.savedModel(), side)
                : published(settings.name(), side, false);
        ImageSize resized = settings.resizedTo() == null
                ? encoder.inputSize()
                : new ImageSize(settings.resizedTo(), settings.resizedTo());
        return adapted(
                encoder,
                settings.pooled(),
                settings.grid(),
                new ImagePreparation(encoder.inputSize(), resized, settings.interpolation()));
    }

    /**
     * Returns an encoder with another grid and another way to prepare photos.
     *
     * @param pooled whether its grid is averaged into one vector
     * @param grid rows and columns of its grid; its own if null
     */
    public static Encoder adapted(
            Encoder encoder, boolean pooled, @Nullable Integer grid, ImagePreparation preparation) {
        Encoder gridded = grid == null ? encoder : new RegriddedEncoder(encoder, grid);
        Encoder pooledOne = pooled(gridded, pooled);
        return preparation.isOwn() ? pooledOne : new PreparedEncoder(pooledOne, preparation);
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
                    case RESNET50_TORCHVISION -> ResNet.of(ResNet.Variant.TORCHVISION, 50, square(side));
                    case RESNET101_TORCHVISION -> ResNet.of(ResNet.Variant.TORCHVISION, 101, square(side));
                    case RESNET152_TORCHVISION -> ResNet.of(ResNet.Variant.TORCHVISION, 152, square(side));
                    case SAVED_MODEL -> throw new IllegalArgumentException("bug: a SavedModel is read, not built");
                },
                pooled);
    }

    /**
     * Returns the encoder whose {@link Encoder#name} a manifest has; none if it is a SavedModel, or of another program.
     *
     * @param preparation that of the manifest's input
     */
    public static Optional<Encoder> named(String name, ImagePreparation preparation) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Integer grid = parts.group(2) == null ? null : Integer.valueOf(parts.group(2));
        return Arrays.stream(EncoderSettings.Name.values())
                .filter(one -> one != EncoderSettings.Name.SAVED_MODEL)
                .flatMap(one -> ofSide(one, preparation.size().width()).stream())
                .filter(encoder -> encoder.name().equals(parts.group(1)))
                .findFirst()
                .map(encoder -> adapted(encoder, parts.group(3) != null, grid, preparation));
    }

    private static Optional<Encoder> ofSide(EncoderSettings.Name name, int side) {
        try {
            return Optional.of(published(name, side, false));
        } catch (IllegalArgumentException notOfThatSize) {
            return Optional.empty();
        }
    }

    private static Encoder pooled(Encoder encoder, boolean pooled) {
        return pooled ? new PooledEncoder(encoder) : encoder;
    }

    /** Reads all weights of an encoder's file, to be fitted to it. */
    public static NamedWeights readWeights(EncoderSettings settings) throws IOException {
        Path file = settings.weightsFile();
        return switch (settings.name()) {
            case SAVED_MODEL -> SavedModelEncoder.weights(file);
            case RESNET50_TORCHVISION, RESNET101_TORCHVISION, RESNET152_TORCHVISION -> TorchvisionNames.read(file);
            default -> KerasFile.read(file);
        };
    }

    private static @Nullable ImageSize square(@Nullable Integer side) {
        return side == null ? null : new ImageSize(side, side);
    }

    private static Encoder sized(
            @Nullable Integer side, Supplier<Encoder> published, Function<ImageSize, Encoder> resized) {
        return side == null ? published.get() : resized.apply(new ImageSize(side, side));
    }
}
