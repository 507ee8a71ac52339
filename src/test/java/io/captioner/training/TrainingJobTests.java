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
import io.captioner.model.Sampling;
import io.captioner.text.CaptionTokenizer;
import io.captioner.training.graph.DecoderKind;
import io.captioner.training.progress.Progress;
import io.captioner.training.weights.RandomWeights;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    @ParameterizedTest
    @EnumSource(DecoderKind.class)
    void everyDecoderIsTrainedExportedAndLoadedAsTheServiceLoadsIt(DecoderKind kind) throws IOException {
        DrawnDataSet.write(directory.resolve("data"), DrawnDataSet.draw(SIDE, 4, 1), DrawnDataSet.draw(SIDE, 2, 2));

        job(2, Map.of("decoder.kind", kind.name(), "decoder.output", "32")).run(new DefaultApplicationArguments());

        boolean attends = kind == DecoderKind.SOFT_ATTENTION_LSTM || kind == DecoderKind.SOFT_ATTENTION_GRU;
        try (CaptionModel model = CaptionModels.load(directory.resolve("models/drawn/1"))) {
            assertThat(model.manifest().decoder()).isEqualTo(kind.label());
            assertThat(model.manifest().attentionGrid() != null).isEqualTo(attends);
            List<Pixels> picture =
                    List.of(decoder.decode(DrawnDataSet.draw(SIDE, 1, 3).get(0).png(), SIZE)
                            .pixels());
            List<Hypothesis> drawn = model.caption(picture, sample(7)).get(0);
            assertThat(drawn)
                    .hasSize(6)
                    .allSatisfy(hypothesis -> assertThat(hypothesis.attention().length)
                            .isEqualTo(attends ? hypothesis.tokens().length : 0));
            assertThat(words(model.caption(picture, sample(7)).get(0))).isEqualTo(words(drawn));
            assertThat(words(model.caption(picture, sample(8)).get(0))).isNotEqualTo(words(drawn));
            List<Hypothesis> unrepeated =
                    model.caption(picture, new DecodeOptions(2, 7, 0, 1, null)).get(0);
            assertThat(unrepeated)
                    .allSatisfy(hypothesis -> assertThat(
                                    Arrays.stream(hypothesis.tokens()).boxed())
                            .doesNotHaveDuplicates());
        }
    }

    private static DecodeOptions sample(int seed) {
        return new DecodeOptions(6, 7, 0, 0, new Sampling(2, 0, 1, seed));
    }

    private static List<List<Integer>> words(List<Hypothesis> hypotheses) {
        return hypotheses.stream()
                .map(hypothesis -> Arrays.stream(hypothesis.tokens()).boxed().toList())
                .toList();
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
        return job(epochs, Map.of());
    }

    private TrainingJob job(int epochs, Map<String, String> others) {
        Map<String, String> settings = new HashMap<>(Map.ofEntries(
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
                Map.entry("optimiser.average-decay", "0.9")));
        settings.putAll(others);
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
