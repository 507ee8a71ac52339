package io.captioner.model.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import io.captioner.model.BrokenBundleException;
import io.captioner.model.Bundle;
import io.captioner.model.CaptionModel;
import io.captioner.model.ColourBundle;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Golden;
import io.captioner.model.GoldenCheck;
import io.captioner.model.GoldenImages;
import io.captioner.model.Hypothesis;
import io.captioner.model.ModelDevice;
import io.captioner.model.ModelFailedException;
import io.captioner.model.Signatures;
import io.captioner.model.gpu.DeviceRefusedException;
import io.captioner.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlBundleLoaderTests {
    private static final ImageSize SIZE = new ImageSize(ColourBundle.WIDTH, ColourBundle.HEIGHT);

    @TempDir
    static Path root;

    private static CaptionModel model;
    private static List<Pixels> images;

    @BeforeAll
    static void loadOnce() throws IOException {
        model = DjlBundleLoader.load(new ColourBundle().write(root, "colours", "1"));
        images = GoldenImages.draw(5, 4, SIZE);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void aBundleOfOneFrozenGraphNeedsNoVariablesDirectory() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("colours").resolve("1"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("saved_model.pb", "vocabulary.txt", "golden.json", "captioner.json");
        }
        assertThat(model.manifest().name()).isEqualTo("colours");
        assertThat(model.vocabulary().size()).isEqualTo(10);
        assertThat(model.device()).isEqualTo("cpu");
    }

    @Test
    void bothSignaturesRunInOneSessionOverOneCopyOfTheWeights() {
        SignatureRuns runs = ((DjlCaptionModel) model).runs;
        assertThat(runs.scorer().getSavedModelBundle())
                .isSameAs(runs.captioner().getSavedModelBundle());
        assertThat(runs.scorer().describeInput().keys()).containsExactly("image", "image_index", "tokens");
    }

    @Test
    void captionsAreTheModelsOwnBestFirst() {
        List<List<Hypothesis>> beams = model.caption(images, ColourBundle.OPTIONS);

        assertThat(beams).hasSize(4);
        for (int i = 0; i < 4; i++) {
            double[] lp = ColourBundle.logProbabilities(images.get(i));
            assertThat(beams.get(i)).hasSize(3);
            for (int k = 0; k < 3; k++) {
                Hypothesis caption = beams.get(i).get(k);
                int word = ColourBundle.ranked(lp, k);
                double sum = 2 * lp[word] + lp[Vocabulary.END];
                assertThat(caption.tokens()).containsExactly(word, word);
                assertThat(caption.logProbabilities())
                        .containsExactly(new float[] {(float) lp[word], (float) lp[word]}, within(1e-4f));
                assertThat(caption.finished()).isTrue();
                assertThat(caption.logProbability()).isCloseTo((float) sum, within(1e-4f));
                assertThat(caption.score()).isCloseTo((float) (sum / Math.pow(3, 0.7)), within(1e-4f));
                assertThat(caption.attention()).hasDimensions(2, ColourBundle.CELLS);
                assertThat(caption.attention()[1]).containsExactly(0.1f, 0.2f, 0.3f, 0.4f);
            }
        }
    }

    @Test
    void aPhotoGetsTheSameCaptionAloneAndInABatch() {
        List<List<Hypothesis>> together = model.caption(images, ColourBundle.OPTIONS);
        for (int i = 0; i < images.size(); i++) {
            List<Hypothesis> alone =
                    model.caption(List.of(images.get(i)), ColourBundle.OPTIONS).get(0);
            assertThat(alone).usingRecursiveComparison().isEqualTo(together.get(i));
        }
    }

    @Test
    void aCaptionCutAtItsMaximumLengthIsNotFinished() {
        Hypothesis caption =
                model.caption(images, new DecodeOptions(1, 1, 0)).get(0).get(0);
        assertThat(caption.finished()).isFalse();
        assertThat(caption.tokens()).hasSize(1);
        assertThat(caption.logProbability()).isEqualTo(caption.logProbabilities()[0]);
        assertThat(caption.attention()).hasDimensions(1, ColourBundle.CELLS);
    }

    @Test
    void givenCaptionsOfAnyLengthAreScored() {
        List<int[]> captions = List.of(new int[] {4, 5, 6}, new int[] {7}, new int[0], new int[] {9, 3});
        List<List<Hypothesis>> scored =
                model.score(images, captions.stream().map(List::of).toList());
        for (int i = 0; i < 4; i++) {
            double[] lp = ColourBundle.logProbabilities(images.get(i));
            double sum = lp[Vocabulary.END]
                    + Arrays.stream(captions.get(i))
                            .mapToDouble(word -> lp[word])
                            .sum();
            Hypothesis caption = scored.get(i).get(0);
            assertThat(caption.tokens()).isEqualTo(captions.get(i));
            assertThat(caption.finished()).isTrue();
            assertThat(caption.logProbability()).isCloseTo((float) sum, within(1e-3f));
            assertThat(caption.score()).isEqualTo(caption.logProbability());
            assertThat(caption.attention()).hasNumberOfRows(captions.get(i).length);
        }
    }

    @Test
    void severalCaptionsOfAnImageAreScoredInOrder() throws IOException {
        List<List<int[]>> captions = List.of(
                List.of(new int[] {4, 5}, new int[] {7}),
                List.of(new int[] {9}),
                IntStream.range(0, 200).mapToObj(i -> new int[] {4 + i % 6}).toList(),
                List.of(new int[] {8, 8, 8}));

        List<List<Hypothesis>> scored = model.score(images, captions);

        for (int image = 0; image < 4; image++) {
            double[] lp = ColourBundle.logProbabilities(images.get(image));
            assertThat(scored.get(image)).hasSameSizeAs(captions.get(image));
            for (int text = 0; text < captions.get(image).size(); text++) {
                int[] words = captions.get(image).get(text);
                double sum = lp[Vocabulary.END]
                        + Arrays.stream(words).mapToDouble(word -> lp[word]).sum();
                assertThat(scored.get(image).get(text).tokens()).isEqualTo(words);
                assertThat(scored.get(image).get(text).logProbability()).isCloseTo((float) sum, within(1e-3f));
            }
        }
        Path older = new ColourBundle().withoutImageIndex().write(root, "older", "1");
        try (CaptionModel encodingEach = DjlBundleLoader.load(older, ModelDevice.CPU)) {
            assertThat(encodingEach.score(images, captions))
                    .usingRecursiveComparison()
                    .withComparatorForType((a, b) -> Math.abs(a - b) < 1e-5 ? 0 : 1, Float.class)
                    .isEqualTo(scored);
        }
    }

    @Test
    void whatTheModelWasNotMadeForIsABug() {
        List<Pixels> tooSmall = List.of(new Pixels(1, 1, new byte[3]));
        List<Pixels> one = images.subList(0, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.caption(tooSmall, ColourBundle.OPTIONS))
                .withMessage("bug: 1 x 1 pixels for a model that takes 8 x 6");
        assertThatIllegalArgumentException().isThrownBy(() -> model.caption(List.of(), ColourBundle.OPTIONS));
        assertThatIllegalArgumentException().isThrownBy(() -> model.score(one, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> model.score(one, List.of(List.of())));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.score(one, List.of(List.of(new int[] {Vocabulary.END}))));
        assertThatIllegalArgumentException().isThrownBy(() -> model.score(one, List.of(List.of(new int[] {10}))));
        assertThatIllegalArgumentException().isThrownBy(() -> model.score(one, List.of(List.of(new int[7]))));
    }

    @Test
    void aFailureOfTheDeviceIsNamedAndLeavesTheModelUsable() {
        DecodeOptions moreThanWords = new DecodeOptions(11, 5, 0);
        assertThatThrownBy(() -> model.caption(images, moreThanWords))
                .isInstanceOf(ModelFailedException.class)
                .hasMessageStartingWith("model colours/1 failed:");
        assertThat(model.caption(images, ColourBundle.OPTIONS)).hasSize(4);
    }

    @Test
    void fourThreadsGetTheAnswersOfOne() throws Exception {
        List<List<Hypothesis>> expected = model.caption(images, ColourBundle.OPTIONS);
        List<List<Hypothesis>> expectedScore = model.score(images.subList(1, 2), List.of(List.of(new int[] {4})));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                runs.add(threads.submit(() -> {
                    for (int call = 0; call < 50; call++) {
                        assertThat(model.caption(images, ColourBundle.OPTIONS))
                                .usingRecursiveComparison()
                                .isEqualTo(expected);
                        assertThat(model.score(images.subList(1, 2), List.of(List.of(new int[] {4}))))
                                .usingRecursiveComparison()
                                .isEqualTo(expectedScore);
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void thousandsOfCallsKeepNoNativeMemory() {
        for (int call = 0; call < 200; call++) {
            model.caption(images, ColourBundle.OPTIONS);
        }
        long before = Pointer.totalCount();
        for (int call = 0; call < 3000; call++) {
            model.caption(images, ColourBundle.OPTIONS);
        }
        assertThat(Pointer.totalCount() - before).isLessThan(3000);
    }

    @Test
    void aClosedModelSaysSo() throws IOException {
        CaptionModel closed = DjlBundleLoader.load(new ColourBundle().write(root, "closed", "1"));
        closed.close();
        closed.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> closed.caption(images, ColourBundle.OPTIONS))
                .withMessage("model closed/1 is closed");
    }

    @Test
    void aMissingSignatureIsRefusedAndNotReplacedByAnother() throws IOException {
        refuses(
                new ColourBundle().write(root, "unscored", "1", Signatures.SCORE),
                "has no signature 'score', only [serving_default]");
        refuses(
                new ColourBundle().write(root, "uncaptioned", "1", Signatures.CAPTION),
                "has no signature 'serving_default', only [score]");
    }

    @Test
    void aChangedFileIsRefused() throws IOException {
        Path bundle = new ColourBundle().write(root, "changed", "1");
        byte[] graph = Files.readAllBytes(bundle.resolve(Bundle.GRAPH));
        graph[graph.length / 2] ^= 1;
        Files.write(bundle.resolve(Bundle.GRAPH), graph);
        refuses(bundle, "SHA-256 differs): saved_model.pb");
    }

    @Test
    void missingAndExtraFilesAreRefused() throws IOException {
        Path bundle = new ColourBundle().write(root, "files", "1");
        Path extra = Files.writeString(bundle.resolve("notes.txt"), "x");
        refuses(bundle, "not in the manifest: notes.txt");
        Files.delete(extra);
        Files.delete(bundle.resolve(Bundle.VOCABULARY));
        refuses(bundle, "missing: vocabulary.txt");
        ColourBundle.seal(bundle, "files", "1");
        refuses(bundle, "the manifest lists no vocabulary.txt");
    }

    @Test
    void aGraphCutShortIsRefusedWhereverItIsCut() throws IOException {
        Path bundle = new ColourBundle().write(root, "cut", "1");
        byte[] graph = Files.readAllBytes(bundle.resolve(Bundle.GRAPH));
        for (int length : new int[] {0, 1, 3, graph.length / 2, graph.length - 1}) {
            Files.write(bundle.resolve(Bundle.GRAPH), Arrays.copyOf(graph, length));
            ColourBundle.seal(bundle, "cut", "1");
            refuses(bundle, "saved_model.pb");
        }
    }

    @Test
    void aVocabularyOfAnotherModelIsRefused() throws IOException {
        List<String> more =
                Stream.concat(ColourBundle.WORDS.stream(), Stream.of("pink")).toList();
        refuses(
                new ColourBundle().vocabulary(Vocabulary.ofWords(more)).write(root, "pink", "1"),
                "11 words and special tokens, but the model knows 10");
    }

    @Test
    void aModelThatAnswersNoNumbersIsRefused() throws IOException {
        refuses(new ColourBundle().withoutNumbers().write(root, "nan", "1"), "NaN");
    }

    @Test
    void aModelThatDoesNotReproduceItsGoldenAnswersIsRefused() throws IOException {
        refuses(
                new ColourBundle().goldenOfAnotherModel().write(root, "golden", "1"),
                "golden.json: image 0: the model");
    }

    @Test
    void aGoldenLogProbabilityOutsideTheToleranceIsRefused() throws IOException {
        Path bundle = new ColourBundle().write(root, "tolerance", "1");
        Golden golden = Golden.read(bundle);
        golden.logProbabilities()[1][0] += 2 * GoldenCheck.Tolerance.EXACT.most;
        Golden.write(bundle, golden);
        ColourBundle.seal(bundle, "tolerance", "1");
        refuses(bundle, "image 1: word 0 has log-probability");
    }

    @Test
    void aGpuThatIsNotThereIsNotReplacedInSilence() throws IOException {
        assumeTrue(model.device().equals("cpu"));
        Path bundle = root.resolve("colours").resolve("1");
        assertThatThrownBy(() -> DjlBundleLoader.load(bundle, ModelDevice.GPU))
                .isInstanceOf(DeviceRefusedException.class)
                .hasMessageStartingWith("captioner.device is gpu, but TensorFlow sees none: ")
                .hasMessageContaining("set captioner.device to auto or cpu");
        try (CaptionModel onCpu = DjlBundleLoader.load(bundle, ModelDevice.CPU)) {
            assertThat(onCpu.device()).isEqualTo("cpu");
        }
    }

    @Test
    void nativesOfAnUnknownPlatformAreNamed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> NativeLibraries.unpack("amiga-m68k", "libjnitensorflow.so"))
                .withMessageContaining("natives for amiga-m68k are not on the class path");
    }

    private static void refuses(Path bundle, String because) {
        assertThatThrownBy(() -> DjlBundleLoader.load(bundle))
                .isInstanceOf(BrokenBundleException.class)
                .hasMessageContaining(bundle.toString())
                .hasMessageContaining(because);
    }
}
