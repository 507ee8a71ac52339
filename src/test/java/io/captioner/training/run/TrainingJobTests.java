package io.captioner.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.captioner.attention.AttentionGrid;
import io.captioner.attention.AttentionSummary;
import io.captioner.attention.AttentionSummary.Attention.Point;
import io.captioner.image.ImageSize;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.JobStoppedException;
import io.captioner.jobs.Progress;
import io.captioner.jobs.StorageException;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeOptions.Sampling;
import io.captioner.model.Hypothesis;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.text.CaptionTokenizer;
import io.captioner.training.PatchEncoder;
import io.captioner.training.decoder.DecoderKind;
import io.captioner.training.metrics.CaptionScorer;
import io.captioner.training.resume.CheckpointStore;
import io.captioner.training.resume.TrainingState;
import io.captioner.training.resume.TrainingState.Phase;
import io.captioner.training.run.Trainer.DivergedException;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.DefaultApplicationArguments;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainingJobTests {
    private static final ImageSize SIZE = PatchEncoder.SIZE;
    private static final int SIDE = SIZE.width();
    private static final int CELLS = new PatchEncoder().columns(); // and as many rows

    private final PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults());

    @TempDir
    private Path directory;

    @Test
    void aModelTrainedOnDrawnPicturesSaysWhatIsInNewOnesThroughDjl() throws IOException {
        DrawnDataSet.write(directory.resolve("data"), DrawnDataSet.draw(SIDE, 8, 1), DrawnDataSet.draw(SIDE, 2, 2));

        job(12).run(new DefaultApplicationArguments());

        List<DrawnDataSet.Picture> unseen = DrawnDataSet.draw(SIDE, 2, 3);
        try (CaptionModel model = DjlBundleLoader.load(directory.resolve("models/drawn/1"))) {
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
                assertThat(hypotheses.get(0).support()).isBetween(0.05, 1.0);
            });
        }
        assertThat(directory.resolve("run/run.json")).content().contains("captions sha256");
        assertThat(Files.readAllLines(directory.resolve("run/epochs.jsonl"))).hasSize(12);
        assertThat(directory.resolve("run/report.html"))
                .content()
                .contains("Training loss", "Validation CIDEr-D", "Best captions", "attention at ball");
        assertThat(directory.resolve("run/tensorboard")).isDirectoryContaining("glob:**events.out.tfevents.*");
    }

    @Test
    void thePriorOfWordsIsInTheGraphThatIsCalibratedAndPublished() throws IOException {
        DrawnTraining.draw(directory, 1);
        DrawnTraining.job(
                        directory,
                        Map.of(
                                "optimiser.epochs", "1",
                                "decoding.consensus", "true",
                                "decoding.word-prior", "true"))
                .run(new DefaultApplicationArguments());

        try (CaptionModel model = DjlBundleLoader.load(directory.resolve("models/drawn/1"))) {
            List<Pixels> picture =
                    List.of(decoder.decode(DrawnDataSet.draw(SIDE, 1, 3).get(0).png(), SIZE)
                            .pixels());
            DecodeOptions searched = model.manifest().defaults();
            assertThat(searched.consensus()).isTrue();
            assertThat(model.manifest().scores().get("CIDEr-D")).isCloseTo(ciderD(model, searched), within(1e-9));
            assertThat(model.manifest().calibration()).isNotNull();
            assertThat(model.caption(picture, searched).get(0).get(0).logProbability())
                    .isNotCloseTo(
                            model.caption(picture, searched.withoutConsensus())
                                    .get(0)
                                    .get(0)
                                    .logProbability(),
                            within(0.01f));
        }
        assertThatThrownBy(() -> DrawnTraining.settings(directory, Map.of("decoding.word-prior", "true")))
                .hasStackTraceContaining("set decoding.consensus=true");
    }

    /** The mean of the validation photos' captions. */
    private double ciderD(CaptionModel model, DecodeOptions options) throws IOException {
        Map<String, String> captions = new LinkedHashMap<>();
        Map<String, List<String>> references = new LinkedHashMap<>();
        for (DrawnDataSet.Picture picture : DrawnDataSet.draw(SIDE, 2, 2)) {
            List<Pixels> pixels = List.of(decoder.decode(picture.png(), SIZE).pixels());
            String name = Integer.toString(captions.size());
            captions.put(
                    name,
                    model.vocabulary()
                            .sentence(
                                    model.caption(pixels, options).get(0).get(0).tokens()));
            references.put(name, List.of(picture.caption(), picture.caption()));
        }
        return CaptionScorer.score(captions, references).ciderD();
    }

    @Test
    void theWordsForABallPointToIt() throws IOException {
        int ball = SIDE / 4;
        DrawnDataSet.write(
                directory.resolve("data"), DrawnDataSet.draw(SIDE, ball, 12, 1), DrawnDataSet.draw(SIDE, ball, 2, 2));
        job(14).run(new DefaultApplicationArguments());

        int words = 0;
        int hits = 0;
        int hitsOfCentre = 0;
        try (CaptionModel model = DjlBundleLoader.load(directory.resolve("models/drawn/1"))) {
            for (DrawnDataSet.Picture picture : DrawnDataSet.draw(SIDE, ball, 6, 3)) {
                List<Pixels> pixels =
                        List.of(decoder.decode(picture.png(), SIZE).pixels());
                Hypothesis best = model.caption(pixels, new DecodeOptions(3, 8, 0.7f))
                        .get(0)
                        .get(0);
                float[] colour = best.attention()[1]; // of: a COLOUR ball on COLOUR ground
                words++;
                Point peak = AttentionSummary.of(new AttentionGrid(colour, CELLS, CELLS), SIDE, SIDE)
                        .peak();
                hits += touchesCell(picture.ball(), peak.x(), peak.y()) ? 1 : 0;
                hitsOfCentre += touchesCell(picture.ball(), SIDE / 2, SIDE / 2) ? 1 : 0;
            }
        }
        assertThat(hits).as("of %d words", words).isGreaterThan(words * 9 / 10);
        assertThat(hitsOfCentre).as("guesses of the centre").isLessThan(words / 2);
    }

    private static boolean touchesCell(Rectangle ball, int x, int y) {
        int side = SIDE / CELLS;
        return ball.intersects(new Rectangle(x / side * side, y / side * side, side, side));
    }

    @ParameterizedTest
    @EnumSource(DecoderKind.class)
    void everyDecoderIsTrainedExportedAndLoadedAsTheServiceLoadsIt(DecoderKind kind) throws IOException {
        DrawnDataSet.write(directory.resolve("data"), DrawnDataSet.draw(SIDE, 4, 1), DrawnDataSet.draw(SIDE, 2, 2));

        job(2, Map.of("decoder.kind", kind.name(), "decoder.output", "32")).run(new DefaultApplicationArguments());

        boolean attends = kind != DecoderKind.SHOW_AND_TELL
                && kind != DecoderKind.SHOW_AND_TELL_LINEAR
                && kind != DecoderKind.INITIAL_STATE_LSTM;
        try (CaptionModel model = DjlBundleLoader.load(directory.resolve("models/drawn/1"))) {
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
    void aSecondPhaseGoesOnFromTheBestWeightsOfTheFirst() throws IOException {
        DrawnTraining.draw(directory, 4);

        job(3, Map.of("self-critical.epochs", "2", "self-critical.learning-rate", "1e-4"))
                .run(new DefaultApplicationArguments());

        List<String> epochs = Files.readAllLines(directory.resolve("run/epochs.jsonl"));
        assertThat(epochs).hasSize(5);
        assertThat(score(epochs.get(3))).isCloseTo(score(epochs.get(2)), within(1.5));
        int sampledFrom = 3 * step(epochs.get(0)) + 1;
        assertThat(Files.readAllLines(directory.resolve("run/steps.jsonl")))
                .hasSizeGreaterThan(sampledFrom)
                .map(line -> JsonMapper.shared().readTree(line))
                .allSatisfy(step -> {
                    assertThat(step.has("reward")).isEqualTo(step.path("step").asInt() >= sampledFrom);
                    if (step.has("reward")) {
                        assertThat(step.path("learningRate").floatValue()).isEqualTo(1e-4f);
                        assertThat(step.path("reward").asDouble()).isBetween(0.0, 10.5);
                    }
                });
        assertThat(new CheckpointStore(directory.resolve("run")).newest())
                .map(TrainingState::phase)
                .contains(Phase.SELF_CRITICAL);
        assertThat(directory.resolve("models/drawn/1")).isDirectory();
    }

    @Test
    void theLikeliestWordAloneTeachesNothing() throws IOException {
        DrawnTraining.draw(directory, 2);

        job(1, Map.of("self-critical.epochs", "1", "self-critical.top-p", "0.001"))
                .run(new DefaultApplicationArguments());

        // All samples of a photo are one caption, no better than the others.
        assertThat(Files.readAllLines(directory.resolve("run/steps.jsonl")))
                .map(line -> JsonMapper.shared().readTree(line))
                .filteredOn(step -> step.has("reward"))
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.path("loss").asDouble(1)).isCloseTo(0, within(1e-6)));
    }

    @Test
    void theEncoderIsTrainedAfterTheDecoderAndARunThatStoppedThereGoesOn() throws IOException {
        Map<String, String> tuning = Map.of(
                "optimiser.epochs", "1",
                "fine-tuning.epochs", "2",
                "fine-tuning.encoder-learning-rate", "1e-3",
                "fine-tuning.learning-rate", "3e-3",
                "fine-tuning.batch-size", "6",
                "self-critical.epochs", "1",
                "optimiser.checkpoint-steps", "2");
        Path whole = directory.resolve("whole");
        Path stopped = directory.resolve("stopped");
        DrawnTraining.draw(whole, 2);
        DrawnTraining.draw(stopped, 2);

        DrawnTraining.job(whole, tuning).run(new DefaultApplicationArguments());
        for (int steps : List.of(2, 4, 5)) { // in the first phase, in the second, in the third
            RuntimeException stop =
                    steps == 4 ? new JobStoppedException("epoch 1") : new IllegalStateException("broken");
            assertThatThrownBy(() -> DrawnTraining.job(stopped, tuning, new StoppingProgress(steps, stop))
                            .run(new DefaultApplicationArguments()))
                    .isSameAs(stop);
            // What is told to stop loses no step.
            int step = new CheckpointStore(stopped.resolve("run"))
                    .newest()
                    .orElseThrow()
                    .step();
            int taken = Files.readAllLines(stopped.resolve("run/steps.jsonl")).size();
            assertThat(step).isEqualTo(steps == 4 ? taken : taken - taken % 2);
        }
        Path left = Files.createDirectory(stopped.resolve("run/checkpoints/step-00000000")); // by a killed deletion
        DrawnTraining.job(stopped, tuning).run(new DefaultApplicationArguments());

        assertThat(left).doesNotExist();
        List<String> epochs = Files.readAllLines(whole.resolve("run/epochs.jsonl"));
        assertThat(epochs).hasSize(4);
        for (String file : List.of(
                "run/steps.jsonl", "run/epochs.jsonl", "models/drawn/1/saved_model.pb", "models/drawn/1/golden.json")) {
            assertThat(stopped.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
        assertThat(new CheckpointStore(whole.resolve("run")).newest()).hasValueSatisfying(state -> {
            assertThat(state.phase()).isEqualTo(Phase.SELF_CRITICAL);
            assertThat(state.best().tuned()).isTrue();
        });
    }

    @Test
    void aLayerThatTheEncoderDoesNotHaveIsNamedBeforeAnythingIsRead() {
        assertThatThrownBy(() -> DrawnTraining.job(
                                directory, Map.of("fine-tuning.epochs", "1", "fine-tuning.first-layer", "mixed8"))
                        .run(new DefaultApplicationArguments()))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContaining("mixed8")
                .hasMessageContaining("[patches]");
    }

    /** Stops a job after so many steps of its epochs. */
    private static final class StoppingProgress implements Progress {
        private final RuntimeException stop;
        private int left;

        StoppingProgress(int steps, RuntimeException stop) {
            this.left = steps;
            this.stop = stop;
        }

        @Override
        public Task start(String name, long total) {
            return new Task() {
                @Override
                public void step(long done, String note) {
                    left -= note.startsWith("loss") ? 1 : 0;
                    if (left < 0) {
                        throw stop;
                    }
                }

                @Override
                public void close() {}
            };
        }
    }

    private static double score(String epoch) {
        return JsonMapper.shared().readTree(epoch).path("CIDEr-D").asDouble();
    }

    private static int step(String epoch) {
        return JsonMapper.shared().readTree(epoch).path("step").asInt();
    }

    @Test
    void aRunWhoseBundleExistsIsRefusedBeforeItStarts() throws IOException {
        Files.createDirectories(directory.resolve("models/drawn/1"));

        assertThatThrownBy(() -> job(1).run(new DefaultApplicationArguments()))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("captioner.training.version");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    @Test
    void aRunThatHasMadeItsBundleHasNothingLeftToDo() throws IOException {
        DrawnTraining.draw(directory, 1);
        job(1).run(new DefaultApplicationArguments());
        Path bundle = directory.resolve("models/drawn/1/captioner.json");
        FileTime made = Files.getLastModifiedTime(bundle);

        job(1).run(new DefaultApplicationArguments());

        assertThat(Files.getLastModifiedTime(bundle)).isEqualTo(made);
        assertThatThrownBy(() -> job(2).run(new DefaultApplicationArguments()))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aLossThatIsNoNumberStopsTheRunAndNamesTheBatch() throws IOException {
        DrawnTraining.draw(directory, 1);
        TrainingJob job = DrawnTraining.job(
                directory,
                Map.of(
                        "optimiser.learning-rate", "1e30",
                        "optimiser.warmup-steps", "0",
                        "optimiser.checkpoint-steps", "1"));

        assertThatThrownBy(() -> job.run(new DefaultApplicationArguments()))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("step 2 of epoch 1")
                .hasMessageContaining("nan-batch.json")
                .hasMessageContaining("captioner.training.optimiser.learning-rate");
        JsonNode batch = JsonMapper.shared().readTree(directory.resolve("run/nan-batch.json"));
        assertThat(batch.path("step").asInt()).isEqualTo(2);
        assertThat(batch.path("batch")).hasSize(8).allSatisfy(example -> {
            assertThat(example.path("image").asString()).endsWith(".png");
            assertThat(example.path("caption").asString()).contains("ball on");
        });
        assertThat(new CheckpointStore(directory.resolve("run")).newest())
                .map(TrainingState::step)
                .contains(1);
        assertThat(Files.readAllLines(directory.resolve("run/steps.jsonl"))).hasSize(1);
    }

    @Test
    void aRunDirectoryThatCannotBeWrittenStopsTheRunWithWhatToDo() throws IOException {
        DrawnTraining.draw(directory, 1);
        Files.createDirectories(directory.resolve("run"));
        Files.writeString(directory.resolve("run/checkpoints"), "a file, not a directory");

        assertThatThrownBy(() -> job(1).run(new DefaultApplicationArguments()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("make the directory writable");
    }

    @Test
    void aRunOfOtherSettingsIsNotGoneOnWith() throws IOException {
        DrawnTraining.draw(directory, 1);
        job(1).run(new DefaultApplicationArguments());

        assertThatThrownBy(() -> DrawnTraining.job(directory, Map.of("version", "2", "seed", "2"))
                        .run(new DefaultApplicationArguments()))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContaining("captioner.training.run-directory");
    }

    private TrainingJob job(int epochs) {
        return job(epochs, Map.of());
    }

    private TrainingJob job(int epochs, Map<String, String> others) {
        Map<String, String> settings = new HashMap<>(others);
        settings.put("optimiser.epochs", Integer.toString(epochs));
        return DrawnTraining.job(directory, settings);
    }
}
