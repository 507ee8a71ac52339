package io.captioner.training.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.training.encoder.Encoder;
import io.captioner.training.encoder.InceptionV3;
import io.captioner.training.encoder.MobileNetV2;
import io.captioner.training.encoder.ResNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Files that Keras wrote of whole networks, in the folder that the environment variable {@code CAPTIONER_KERAS_FILES}
 * names: {@code activations.py FOLDER} has them made. They are too large for the tree.
 */
class KerasFilesTests {
    private static final Map<String, Encoder> NETWORKS = Map.of(
            "mobilenet_v2", new MobileNetV2(),
            "inception_v3", new InceptionV3(),
            "resnet50", ResNet.of50(),
            "resnet101", ResNet.of101(),
            "resnet152", ResNet.of152());

    @Test
    void everyWeightOfEveryFileIsInItsPlace() throws IOException {
        String folder = System.getenv("CAPTIONER_KERAS_FILES");
        assumeTrue(folder != null, "CAPTIONER_KERAS_FILES is not set");
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(folder))) {
            files = all.filter(file -> file.toString().endsWith(".h5")).toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            Encoder encoder = encoder(file);

            NamedWeights weights = KerasFile.read(file).fitTo(encoder);

            assertThat(weights.parameterCount()).isEqualTo(encoder.parameterCount());
            weights.values()
                    .forEach((name, weight) -> assertThat(weight.values())
                            .as("%s of %s", name, file)
                            .isEqualTo(HashedWeights.of(name, weight.shape()).values()));
        }
    }

    private static Encoder encoder(Path file) {
        String name = Objects.requireNonNull(file.getFileName()).toString();
        return NETWORKS.entrySet().stream()
                .filter(network -> name.startsWith(network.getKey() + "_"))
                .map(Map.Entry::getValue)
                .findAny()
                .orElseThrow();
    }
}
