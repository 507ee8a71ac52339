package io.captioner.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.Jobs;
import io.captioner.image.ImageSize;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.Bundle;
import io.captioner.model.Manifest;
import io.captioner.model.ManifestFile;
import io.captioner.training.data.Split;
import io.captioner.training.encoder.EfficientNetLite;
import io.captioner.training.export.TrainedBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultApplicationArguments;

class StartFromTests {
    private static final int SIDE = 64;

    @TempDir
    private static Path directory;

    private static Path first;

    @BeforeAll
    static void trainABundle() throws IOException {
        DrawnDataSet.write(directory.resolve("data"), DrawnDataSet.draw(SIDE, 2, 1), DrawnDataSet.draw(SIDE, 1, 2));
        DrawnTraining.job(
                        DrawnTraining.settings(directory, Map.of("optimiser.epochs", "2")),
                        EfficientNetLite.lite0(new ImageSize(SIDE, SIDE)),
                        Jobs.silent())
                .run(new DefaultApplicationArguments());
        first = directory.resolve("models/drawn/1");
    }

    @Test
    void equalTermsAreSaidOnce() {
        assertThat(BundlePublisher.terms("CC BY 4.0", null)).isEqualTo("CC BY 4.0");
        assertThat(BundlePublisher.terms("CC BY 4.0", "CC BY 4.0")).isEqualTo("CC BY 4.0");
        String both = BundlePublisher.terms("CC BY 4.0", "MIT");
        assertThat(both).isEqualTo("CC BY 4.0; the weights it started from: MIT");
        assertThat(BundlePublisher.terms("CC BY 4.0", both)).isEqualTo(both);
    }

    @Test
    void aBundleIsTrainedFurtherWithItsOwnNetworksAndWords() throws IOException {
        train("2", Map.of("self-critical.epochs", "1", "decoder.hidden", "8", "data.minimum-count", "2"));

        Path second = directory.resolve("models/drawn/2");
        Manifest before = ManifestFile.read(first);
        Manifest after = ManifestFile.read(second);
        assertThat(after.encoder()).isEqualTo(before.encoder());
        assertThat(after.decoder()).isEqualTo(before.decoder());
        assertThat(after.provenance().get("decoder"))
                .isEqualTo(before.provenance().get("decoder"));
        assertThat(after.provenance()).containsKey("start from");
        assertThat(second.resolve(Bundle.VOCABULARY)).hasSameBinaryContentAs(first.resolve(Bundle.VOCABULARY));
        assertThat(after.scores().get("CIDEr-D"))
                .isGreaterThanOrEqualTo(before.scores().get("CIDEr-D"));
    }

    @Test
    void theEncoderOfABundleIsTrainedFurtherToo() throws IOException {
        Path features = directory.resolve("features-3");
        train(
                "3",
                Map.of(
                        "cache-directory", features.toString(),
                        "fine-tuning.epochs", "2",
                        "fine-tuning.first-layer", "head_conv",
                        "fine-tuning.batch-size", "8",
                        "fine-tuning.learning-rate", "3e-3"));

        TrainedBundle second = TrainedBundle.read(directory.resolve("models/drawn/3"));
        assertThat(Files.readAllLines(directory.resolve("run-3/epochs.jsonl"))).hasSize(2);
        assertThat(second.encoder().name()).isEqualTo("efficientnet_lite0_64x64");
        assertThat(features.resolve(Split.VALIDATION.label())).exists();
        assertThat(features.resolve(Split.TRAIN.label()))
                .as("features that a fine-tuning does not read")
                .doesNotExist();
    }

    @Test
    void attentionToASinglePlaceIsRefused() {
        TrainingJob job = DrawnTraining.job(
                DrawnTraining.settings(directory, Map.of("version", "5")),
                EfficientNetLite.lite0(new ImageSize(32, 32)),
                Jobs.silent());

        assertThatThrownBy(() -> job.run(new DefaultApplicationArguments()))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContaining("captioner.training.encoder.pooled");
    }

    @Test
    void withoutEpochsThereIsNothingToTrain() {
        assertThatThrownBy(() -> train("4", Map.of()))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContaining("captioner.training.self-critical.epochs");
    }

    private static void train(String version, Map<String, String> more) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "version",
                version,
                "start-from",
                first.toString(),
                "run-directory",
                directory.resolve("run-" + version).toString(),
                "optimiser.epochs",
                "0"));
        settings.putAll(more);
        TrainingJob.startingFrom(
                        TrainedBundle.read(first),
                        DrawnTraining.settings(directory, settings),
                        new PhotoDecoder(ImageLimits.defaults()),
                        "unknown",
                        Jobs.silent())
                .run(new DefaultApplicationArguments());
    }
}
