package io.captioner.training.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.image.Pixels;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Familiarity;
import io.captioner.model.GoldenImages;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.model.ModelDevice;
import io.captioner.model.Neighbours;
import io.captioner.model.TrainingPhotos;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.text.Vocabulary;
import io.captioner.training.PatchEncoder;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderKind;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.graph.CaptioningGraph;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.RandomWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.ndarray.Shape;

class ScoreSignatureTests {
    private static final List<String> WORDS = List.of("a", "dog", "red", "runs", "in", "the", "grass", "water");
    private static final DecodeOptions OPTIONS = new DecodeOptions(3, 8, 0.7f);
    private static final int IMAGES = 16;
    private static final float TOLERANCE = 1e-4f;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void aModelsOwnCaptionsHaveTheLogProbabilitiesTheyWereServedWith(DecoderKind kind) throws Exception {
        requireServedAsScored(export(kind), OPTIONS);
    }

    @Test
    void thePriorOfWordsIsInBoth() throws Exception {
        Path plain = export(DecoderKind.SOFT_ATTENTION_LSTM);
        float[] axis = new float[new PatchEncoder().channels()];
        axis[0] = 1;
        TrainingPhotos photos = new TrainingPhotos(
                new Familiarity(new float[axis.length], new float[][] {axis}, 1, new float[] {0, 1}),
                Neighbours.of(new float[][] {{1}, {-1}}, new int[][][] {{{4, 6, 7}}, {{8, 9, 10}}}),
                null);
        DecodeOptions consensus = new DecodeOptions(3, 8, 0.7f, 0, null, null, true);
        Path bundle = export(DecoderKind.SOFT_ATTENTION_LSTM, "2", consensus, photos);
        List<Pixels> images = GoldenImages.draw(3, IMAGES, PatchEncoder.SIZE);
        try (CaptionModel without = DjlBundleLoader.load(plain, ModelDevice.CPU);
                CaptionModel with = DjlBundleLoader.load(bundle, ModelDevice.CPU)) {
            assertThat(sentences(with.caption(images, consensus)))
                    .isNotEqualTo(sentences(without.caption(images, consensus)));
            assertThat(sentences(with.caption(images, OPTIONS))).isEqualTo(sentences(without.caption(images, OPTIONS)));
        }
        requireServedAsScored(bundle, consensus);
    }

    private static List<String> sentences(List<List<Hypothesis>> beams) {
        return beams.stream().map(beam -> Arrays.toString(beam.get(0).tokens())).toList();
    }

    private static void requireServedAsScored(Path bundle, DecodeOptions options) {
        List<Pixels> images = GoldenImages.draw(3, IMAGES, PatchEncoder.SIZE);
        try (CaptionModel model = DjlBundleLoader.load(bundle, ModelDevice.CPU)) {
            List<List<Hypothesis>> served = model.caption(images, options);
            List<List<int[]>> texts = new ArrayList<>();
            for (List<Hypothesis> beam : served) {
                texts.add(beam.stream().map(Hypothesis::tokens).toList());
            }

            List<List<Hypothesis>> together = model.score(images, texts);

            for (int image = 0; image < IMAGES; image++) {
                List<Hypothesis> alone = model.score(images.subList(image, image + 1), texts.subList(image, image + 1))
                        .get(0);
                for (int rank = 0; rank < served.get(image).size(); rank++) {
                    Hypothesis expected = served.get(image).get(rank);
                    requireEqual(expected, together.get(image).get(rank));
                    requireEqual(expected, alone.get(rank));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTextHasTheSameScoreAmongTextsOfOtherLengths(DecoderKind kind) throws Exception {
        List<Pixels> image = GoldenImages.draw(4, 1, PatchEncoder.SIZE);
        int[] text = {4, 5, Vocabulary.UNKNOWN, 9};
        List<int[]> texts = new ArrayList<>(List.of(new int[] {6}, text));
        texts.addAll(IntStream.range(0, 30)
                .mapToObj(n -> IntStream.range(0, 1 + n)
                        .map(i -> 4 + (n + i) % WORDS.size())
                        .toArray())
                .toList());
        try (CaptionModel model = DjlBundleLoader.load(export(kind), ModelDevice.CPU)) {
            Hypothesis alone = model.score(image, List.of(List.of(text))).get(0).get(0);
            List<Hypothesis> among = model.score(image, List.of(texts)).get(0);

            assertThat(among).hasSize(32);
            requireEqual(alone, among.get(1));
            assertThat(alone.attention()).hasNumberOfRows(model.manifest().attentionGrid() == null ? 0 : text.length);
        }
    }

    private static void requireEqual(Hypothesis expected, Hypothesis scored) {
        assertThat(scored.tokens()).isEqualTo(expected.tokens());
        assertThat(scored.logProbabilities()).containsExactly(expected.logProbabilities(), within(TOLERANCE));
        if (expected.finished()) {
            assertThat(scored.logProbability()).isCloseTo(expected.logProbability(), within(TOLERANCE));
        }
        assertThat(scored.attention()).hasDimensions(expected.attention().length, cells(expected));
        for (int word = 0; word < expected.attention().length; word++) {
            assertThat(scored.attention()[word]).containsExactly(expected.attention()[word], within(TOLERANCE));
        }
    }

    private static int cells(Hypothesis hypothesis) {
        return hypothesis.attention().length == 0 ? 0 : hypothesis.attention()[0].length;
    }

    private Path export(DecoderKind kind) throws Exception {
        return export(kind, "1", OPTIONS, null);
    }

    private Path export(DecoderKind kind, String version, DecodeOptions options, @Nullable TrainingPhotos photos)
            throws Exception {
        Encoder encoder = new PatchEncoder();
        boolean attends = kind != DecoderKind.SHOW_AND_TELL
                && kind != DecoderKind.SHOW_AND_TELL_LINEAR
                && kind != DecoderKind.INITIAL_STATE_LSTM;
        Vocabulary vocabulary = Vocabulary.ofWords(WORDS);
        Decoder decoder = kind.of(new DecoderSize(
                vocabulary.size(), encoder.rows() * encoder.columns(), encoder.channels(), 10, 6, 7, 12, 8, 1, 0));
        assertThat(decoder.attends()).isEqualTo(attends);
        Map<String, Shape> shapes = new LinkedHashMap<>();
        decoder.weightShapes().forEach((name, shape) -> shapes.put(name, Shape.of(shape)));
        NamedWeights encoderWeights = RandomWeights.of(encoder.weights(), 1);
        NamedWeights decoderWeights = RandomWeights.of(shapes, 2);
        try (CaptioningGraph graph = new CaptioningGraph(
                encoder, encoderWeights::constants, decoder, decoderWeights::constants, options.maxWords(), photos)) {
            return new BundleExporter(directory, "small", version)
                    .export(
                            graph,
                            encoder,
                            vocabulary,
                            new BundleExporter.Description(
                                    "random weights",
                                    encoder.name(),
                                    kind.label(),
                                    options,
                                    "en",
                                    new Manifest.TrainingData("none", "none", List.of(), 0, 0),
                                    Map.of(),
                                    Map.of()),
                            5,
                            bundle -> List.of());
        }
    }
}
