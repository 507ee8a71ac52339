package io.captioner.training.checkpoints;

import io.captioner.training.encoder.TorchvisionNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that frameworks give the weights of encoders. */
enum EncoderNames {
    /** Keras' names, which are the program's own. */
    SAME {
        @Override
        String of(String weight) {
            return weight;
        }
    },
    /** A ResNet of torchvision. */
    TORCHVISION {
        @Override
        String of(String weight) {
            return TorchvisionNames.of(weight);
        }
    },
    /** A ResNet of torchvision whose children were put into a {@code Sequential}: they have numbers for names. */
    TORCHVISION_CHILDREN {
        @Override
        String of(String weight) {
            String name = TorchvisionNames.of(weight);
            Matcher layer = LAYER.matcher(name);
            if (layer.lookingAt()) {
                return Integer.parseInt(layer.group(1)) + 3 + name.substring(layer.end());
            }
            return (name.startsWith("conv1") ? 0 : 1) + name.substring(name.indexOf('.'));
        }
    },
    /** Inception-v3 of TF-Slim. */
    SLIM {
        @Override
        String of(String weight) {
            Matcher numbered = NUMBERED.matcher(weight);
            if (!numbered.matches()) {
                return weight;
            }
            int number = numbered.group(1) == null ? 0 : Integer.parseInt(numbered.group(1));
            return "InceptionV3/%s/%s"
                    .formatted(
                            Scopes.OF_INCEPTION_V3.get(number),
                            VARIABLES.getOrDefault(numbered.group(2), numbered.group(2)));
        }
    };

    private static final Pattern LAYER = Pattern.compile("layer(\\d)");
    private static final Pattern NUMBERED = Pattern.compile("(?:conv2d|batch_normalization)(?:_(\\d+))?/(\\w+)");
    private static final Map<String, String> VARIABLES = Map.of(
            "kernel", "weights",
            "beta", "BatchNorm/beta",
            "moving_mean", "BatchNorm/moving_mean",
            "moving_variance", "BatchNorm/moving_variance");

    /** Returns the name of one of the program's weights. */
    abstract String of(String weight);

    /** Returns whether convolutions have their axes in PyTorch's order. */
    boolean isPyTorch() {
        return this == TORCHVISION || this == TORCHVISION_CHILDREN;
    }

    /** The scopes of TF-Slim in the order in which Keras numbers the convolutions of the same network. */
    private static final class Scopes {
        static final List<String> OF_INCEPTION_V3 = read();

        private static List<String> read() {
            try (InputStream in =
                            Objects.requireNonNull(EncoderNames.class.getResourceAsStream("inception_v3.slim.txt"));
                    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                return lines.lines().toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
