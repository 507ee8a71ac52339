package io.captioner.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.image.ImageLimits;
import io.captioner.image.ImageSize;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.model.CaptionModel;
import io.captioner.model.CaptionModels;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.text.CaptionTokenizer;
import io.captioner.training.progress.Progress;
import io.captioner.training.weights.RandomWeights;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TrainingJobTests {
    private static final ImageSize SIZE = PatchEncoder.SIZE;
    private static final int SIDE = SIZE.width();

    private final PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults());

    @TempDir
    private Path directory;

    @Test
    void aModelTrainedOnDrawnPicturesSaysWhatIsInNewOnesThroughDjl() throws IOException {
        DrawnDataSet.write(directory.resolve("data"), DrawnDataSet.draw(SIDE, 8, 1), DrawnDataSet.draw(SIDE, 2, 2));

        job(12).run(new DefaultApplicationArguments());

        List<DrawnDataSet.Picture> unseen = DrawnDataSet.draw(SIDE, 2, 3);
        try (CaptionModel model = CaptionModels.load(directory.resolve("models/drawn/1"))) {
            List<Pixels> pixels = new ArrayList<>();
            for (DrawnDataSet.Picture picture : unseen) {
                pixels.add(decoder.decode(picture.png(), SIZE).pixels());
            }
            List<List<Hypothesis>> answers = model.caption(pixels, new DecodeOptions(3, 8, 0.7f));
            List<String> captions = answers.stream()
                    .map(hypotheses -> CaptionTokenizer.sentence(
                            model.vocabulary().words(hypotheses.get(0).tokens())))
                    .toList();
            assertThat(captions)
                    .containsExactlyElementsOf(
                            unseen.stream().map(DrawnDataSet.Picture::caption).toList());
            assertThat(answers).allSatisfy(hypotheses -> {
                assertThat(hypotheses.get(0).finished()).isTrue();
                assertThat(hypotheses.get(0).attention().length).isEqualTo(6);
            });
        }
        assertThat(directory.resolve("run/run.json")).content().contains("captions sha256");
        assertThat(Files.readAllLines(directory.resolve("run/epochs.jsonl"))).hasSize(12);
    }

    @Test
    void aRunWhoseBundleExistsIsRefusedBeforeItStarts() throws IOException {
        Files.createDirectories(directory.resolve("models/drawn/1"));

        assertThatThrownBy(() -> job(1).run(new DefaultApplicationArguments()))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("captioner.training.version");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    private TrainingJob job(int epochs) {
        Map<String, String> settings = Map.ofEntries(
                Map.entry("name", "drawn"),
                Map.entry("models", directory.resolve("models").toString()),
                Map.entry("run-directory", directory.resolve("run").toString()),
                Map.entry("cache-directory", directory.resolve("features").toString()),
                Map.entry("encoder.weights", "random"),
                Map.entry("data.name", "drawn balls"),
                Map.entry("data.licence", "none needed"),
                Map.entry(
                        "data.captions",
                        directory.resolve("data/captions.jsonl").toString()),
                Map.entry("data.photos", directory.resolve("data/photos").toString()),
                Map.entry("data.minimum-count", "1"),
                Map.entry("data.max-words", "7"),
                Map.entry("decoder.features", "48"),
                Map.entry("decoder.attention", "24"),
                Map.entry("decoder.embedding", "32"),
                Map.entry("decoder.hidden", "48"),
                Map.entry("optimiser.epochs", Integer.toString(epochs)),
                Map.entry("optimiser.batch-size", "8"),
                Map.entry("optimiser.patience", "20"),
                Map.entry("optimiser.learning-rate", "3e-3"),
                Map.entry("optimiser.warmup-steps", "20"),
                Map.entry("optimiser.drop-features", "0.1"),
                Map.entry("optimiser.drop-embedding", "0.1"),
                Map.entry("optimiser.drop-output", "0.1"),
                Map.entry("optimiser.average-decay", "0.9"));
        TrainingProperties properties = new Binder(new MapConfigurationPropertySource(settings))
                .bind("", TrainingProperties.class)
                .get();
        PatchEncoder encoder = new PatchEncoder();
        return new TrainingJob(
                properties,
                encoder,
                file -> RandomWeights.of(encoder.weights(), 4),
                decoder,
                "unknown",
                Progress.silent());
    }
}
