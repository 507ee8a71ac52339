package io.captioner.training.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeOptions.Sampling;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderKind;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.decoder.SoftAttentionLstm;
import io.captioner.training.graph.TrainingGraph.StepPlan;
import io.captioner.training.metrics.Validation.AttentionHealth;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.Precision;
import io.captioner.training.weights.WeightFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat16;

class TrainingGraphTests {
    private static final DecoderSize SIZE = new DecoderSize(14, 4, 8, 16, 12, 16, 24, 20, 0.5f, 0);
    private static final Decoder DECODER = new SoftAttentionLstm(SIZE);
    private static final TrainingSettings PLAIN =
            new TrainingSettings(0, 0, 0, 0, false, 0, 0.01f, 0, 1, 5, 0.9f, Precision.FLOAT32);
    private static final TrainingSettings WITH_CHANCE =
            new TrainingSettings(0.2f, 0.2f, 0.2f, 0.1f, true, 0.1f, 0.01f, 0.1f, 0.5f, 5, 0.9f, Precision.FLOAT32);
    private static final List<int[]> CAPTIONS =
            List.of(new int[] {4, 5, 6}, new int[] {4, 7, 8, 9}, new int[] {10, 5}, new int[] {11, 12, 13, 4, 5});
    private static final List<Integer> ROWS =
            IntStream.range(0, CAPTIONS.size()).boxed().toList();
    private static final List<Float> EQUAL = Collections.nCopies(CAPTIONS.size(), 1f);

    @Test
    void theStandardDecoderHasThePinnedNumberOfParameters() {
        DecoderSize standard = new DecoderSize(2579, 49, 1280, 512, 256, 512, 512, 0, 0.25f, 0);
        assertThat(new SoftAttentionLstm(standard).parameterCount()).isEqualTo(6_439_956);
    }

    @ParameterizedTest
    @EnumSource(DecoderKind.class)
    void captionsAreLearntByHeart(DecoderKind kind) {
        try (TrainingGraph graph = new TrainingGraph(kind.of(SIZE), PLAIN, List.of(4, 6), 1, null, Map.of());
                TFloat16 features = features()) {
            double first =
                    graph.step(features, ROWS, CAPTIONS, EQUAL, plan(1, 5e-3f)).loss();
            double last = first;
            for (int step = 2; step <= 200; step++) {
                last = graph.step(features, ROWS, CAPTIONS, EQUAL, plan(step, 5e-3f))
                        .loss();
            }
            assertThat(first).isCloseTo(Math.log(SIZE.vocabulary()), within(0.7));
            assertThat(last).isLessThan(0.05);
            assertThat(graph.decode(features, new DecodeOptions(3, 8, 0.7f)).stream()
                            .map(DecodedCaption::words))
                    .containsExactlyElementsOf(CAPTIONS);
        }
    }

    @Test
    void paddingDoesNotChangeTheLoss() {
        try (TrainingGraph graph = new TrainingGraph(DECODER, PLAIN, List.of(6, 12), 1, null, Map.of());
                TrainingGraph padded = new TrainingGraph(DECODER, PLAIN, List.of(12), 1, null, Map.of());
                TFloat16 features = features()) {
            TrainingGraph.StepResult tight = graph.step(features, ROWS, CAPTIONS, EQUAL, plan(1, 1e-3f));
            TrainingGraph.StepResult loose = padded.step(features, ROWS, CAPTIONS, EQUAL, plan(1, 1e-3f));
            assertThat(loose.loss()).isCloseTo(tight.loss(), within(1e-5));
            assertThat(loose.gradientNorm()).isCloseTo(tight.gradientNorm(), within(1e-4));
        }
    }

    @Test
    void captionsThatShareAPhotoAreTrainedAsIfEachHadItsOwn() {
        float[] one = randomFeatures(SIZE.cells() * SIZE.channels());
        float[] copies = new float[CAPTIONS.size() * one.length];
        for (int i = 0; i < CAPTIONS.size(); i++) {
            System.arraycopy(one, 0, copies, i * one.length, one.length);
        }
        List<Integer> first = CAPTIONS.stream().map(caption -> 0).toList();
        try (TrainingGraph graph = new TrainingGraph(DECODER, PLAIN, List.of(6), 1, null, Map.of());
                TrainingGraph copied = new TrainingGraph(DECODER, PLAIN, List.of(6), 1, null, Map.of());
                TFloat16 shared = features(1, one);
                TFloat16 repeated = features(CAPTIONS.size(), copies)) {
            TrainingGraph.StepResult sharing = graph.step(shared, first, CAPTIONS, EQUAL, plan(1, 1e-3f));
            TrainingGraph.StepResult repeating = copied.step(repeated, ROWS, CAPTIONS, EQUAL, plan(1, 1e-3f));
            assertThat(sharing.loss()).isCloseTo(repeating.loss(), within(1e-5));
            assertThat(sharing.gradientNorm()).isCloseTo(repeating.gradientNorm(), within(1e-4));
        }
    }

    @Test
    void aRestoredRunGoesOnAsIfItHadNotStopped(@TempDir Path directory) {
        String prefix = directory.resolve("variables").toString();
        try (TrainingGraph graph = new TrainingGraph(DECODER, WITH_CHANCE, List.of(6), 1, null, Map.of());
                TrainingGraph resumed = new TrainingGraph(DECODER, WITH_CHANCE, List.of(6), 99, null, Map.of());
                TFloat16 features = features()) {
            for (int step = 1; step <= 5; step++) {
                graph.step(features, ROWS, CAPTIONS, EQUAL, plan(step, 1e-2f));
            }
            graph.save(prefix);
            resumed.restore(prefix);
            for (int step = 6; step <= 9; step++) {
                double uninterrupted = graph.step(features, ROWS, CAPTIONS, EQUAL, plan(step, 1e-2f))
                        .loss();
                assertThat(resumed.step(features, ROWS, CAPTIONS, EQUAL, plan(step, 1e-2f))
                                .loss())
                        .as("step %d", step)
                        .isEqualTo(uninterrupted);
            }
        }
    }

    @Test
    void stepsInBfloat16AreAlmostThoseInFloat32() throws IOException {
        double single = lossAfterTenSteps(Precision.FLOAT32);
        double half = lossAfterTenSteps(Precision.BFLOAT16);

        assertThat(lossAfterTenSteps(Precision.FLOAT32)).isEqualTo(single);
        assertThat(half).isCloseTo(single, withinPercentage(3));
        assumeTrue(Precision.ofThisMachine() == Precision.BFLOAT16, "elsewhere the rewrite may do nothing");
        assertThat(half).isNotEqualTo(single);
    }

    @Test
    void whatIsTrainedInBfloat16IsDecodedInFloat32AfterEveryStep(@TempDir Path directory) {
        DecodeOptions options = new DecodeOptions(3, 8, 0.7f);
        try (TrainingGraph graph = new TrainingGraph(DECODER, in(Precision.BFLOAT16), List.of(6), 1, null, Map.of());
                TrainingGraph single = new TrainingGraph(DECODER, PLAIN, List.of(6), 99, null, Map.of());
                TFloat16 features = features()) {
            for (int step = 1; step <= 2; step++) {
                graph.step(features, ROWS, CAPTIONS, EQUAL, plan(step, 1e-2f));
                String prefix = directory.resolve("variables-" + step).toString();
                graph.save(prefix);
                single.restore(prefix);
                assertThat(graph.decode(features, options))
                        .as("step %d", step)
                        .usingRecursiveComparison()
                        .isEqualTo(single.decode(features, options));
            }
        }
    }

    private static double lossAfterTenSteps(Precision precision) {
        try (TrainingGraph graph = new TrainingGraph(DECODER, in(precision), List.of(6), 1, null, Map.of());
                TFloat16 features = features()) {
            for (int step = 1; step <= 10; step++) {
                graph.step(features, ROWS, CAPTIONS, EQUAL, plan(step, 1e-3f));
            }
            return graph.step(features, ROWS, CAPTIONS, EQUAL, plan(11, 0)).loss();
        }
    }

    private static TrainingSettings in(Precision precision) {
        return new TrainingSettings(0, 0, 0, 0, false, 0, 0.01f, 0, 1, 5, 0.9f, precision);
    }

    @Test
    void dropoutFollowsFromTheStepsNumber() {
        try (TrainingGraph graph = new TrainingGraph(DECODER, WITH_CHANCE, List.of(6), 1, null, Map.of());
                TFloat16 features = features()) {
            double once =
                    graph.step(features, ROWS, CAPTIONS, EQUAL, plan(1, 0)).loss();
            assertThat(graph.step(features, ROWS, CAPTIONS, EQUAL, plan(1, 0)).loss())
                    .isEqualTo(once);
            assertThat(graph.step(features, ROWS, CAPTIONS, EQUAL, plan(2, 0)).loss())
                    .isNotEqualTo(once);
        }
    }

    @Test
    void aStepOnSampledCaptionsDropsNothing() {
        try (TrainingGraph graph = new TrainingGraph(DECODER, WITH_CHANCE, List.of(6), 1, null, Map.of());
                TrainingGraph plain = new TrainingGraph(DECODER, PLAIN, List.of(6), 1, null, Map.of());
                TFloat16 features = features()) {
            assertThat(graph.reinforce(features, ROWS, CAPTIONS, EQUAL, plan(1, 0))
                            .loss())
                    .isEqualTo(graph.reinforce(features, ROWS, CAPTIONS, EQUAL, plan(2, 0))
                            .loss())
                    .isCloseTo(
                            plain.step(features, ROWS, CAPTIONS, EQUAL, plan(1, 0))
                                    .loss(),
                            within(1e-5));
        }
    }

    @Test
    void theCrossEntropyOfACaptionIsMultipliedByItsWeight() {
        TrainingSettings unpenalised = new TrainingSettings(0, 0, 0, 0, false, 0, 0, 0, 1, 5, 0.9f, Precision.FLOAT32);
        try (TrainingGraph graph = new TrainingGraph(DECODER, unpenalised, List.of(6), 1, null, Map.of());
                TFloat16 features = features()) {
            double all = graph.step(features, ROWS, CAPTIONS, EQUAL, plan(1, 0)).loss();
            double first = lossWith(graph, features, List.of(1f, 0f, 0f, 0f));
            double others = lossWith(graph, features, List.of(0f, 1f, 1f, 1f));

            assertThat(first).isPositive().isLessThan(others);
            assertThat(first + others).isCloseTo(all, within(1e-4));
            assertThat(lossWith(graph, features, List.of(2f, 0f, 0f, 0f))).isCloseTo(2 * first, within(1e-4));
        }
    }

    private static double lossWith(TrainingGraph graph, TFloat16 features, List<Float> weights) {
        return graph.step(features, ROWS, CAPTIONS, weights, plan(1, 0)).loss();
    }

    @Test
    void theEntropyTermSharpensAttention() {
        TrainingSettings sharpened = new TrainingSettings(0, 0, 0, 0, false, 0, 0, 1, 0.3f, 5, 0, Precision.FLOAT32);
        TrainingSettings left = new TrainingSettings(0, 0, 0, 0, false, 0, 0, 0, 0.3f, 5, 0, Precision.FLOAT32);

        assertThat(entropyAfterTraining(sharpened)).isLessThan(0.35).isLessThan(entropyAfterTraining(left) - 0.1);
    }

    private static double entropyAfterTraining(TrainingSettings settings) {
        try (TrainingGraph graph = new TrainingGraph(DECODER, settings, List.of(6), 1, null, Map.of());
                TFloat16 features = features()) {
            for (int step = 1; step <= 100; step++) {
                graph.step(features, ROWS, CAPTIONS, EQUAL, plan(step, 3e-3f));
            }
            return AttentionHealth.of(graph.decode(features, new DecodeOptions(1, 6, 0)).stream()
                            .map(DecodedCaption::attention)
                            .toList())
                    .meanEntropy();
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void roundedWeightsAreThoseOfABundlesFile(Precision precision) {
        try (TrainingGraph graph = new TrainingGraph(DECODER, in(precision), List.of(6), 1, null, Map.of());
                TFloat16 features = features()) {
            graph.step(features, ROWS, CAPTIONS, EQUAL, plan(1, 1e-2f));
            graph.decode(features, new DecodeOptions(1, 8, 0)); // copies the weights, where another session decodes
            Map<String, float[]> trained = graph.decoderWeights();

            graph.round(WeightFormat.FLOAT32);
            assertThat(graph.decoderWeights().get("embedding")).isEqualTo(trained.get("embedding"));
            graph.round(WeightFormat.FLOAT16);

            Map<String, float[]> rounded = graph.decoderWeights();
            Map<String, WeightValues> values = new HashMap<>();
            DECODER.weightShapes()
                    .forEach((name, shape) ->
                            values.put(name, new WeightValues(Shape.of(shape), requireNonNull(trained.get(name)))));
            WeightFormat.FLOAT16
                    .rounded(new NamedWeights("trained", "", values))
                    .values()
                    .forEach((name, stored) ->
                            assertThat(rounded.get(name)).as(name).isEqualTo(stored.values()));
            assertThat(rounded.get("embedding")).isNotEqualTo(trained.get("embedding"));
            try (TrainingGraph ofFile = new TrainingGraph(DECODER, PLAIN, List.of(6), 2, null, rounded)) {
                DecodeOptions options = new DecodeOptions(2, 8, 0);
                assertThat(graph.decode(features, options).get(0).attention())
                        .isDeepEqualTo(ofFile.decode(features, options).get(0).attention());
            }
        }
    }

    @Test
    void aCaptionLongerThanEveryStepIsRefused() {
        try (TrainingGraph graph = new TrainingGraph(DECODER, PLAIN, List.of(4), 1, null, Map.of());
                TFloat16 features = features()) {
            assertThatThrownBy(() -> graph.step(features, ROWS, CAPTIONS, EQUAL, plan(1, 1e-3f)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("6 tokens");
        }
    }

    @Test
    void captionsAreLearntFromTheDecodersOwnWordsToo() {
        TrainingSettings settings = new TrainingSettings(0, 0, 0, 0, true, 0, 0, 0, 1, 5, 0.9f, Precision.FLOAT32);
        try (TrainingGraph graph = new TrainingGraph(DECODER, settings, List.of(6), 1, null, Map.of());
                TFloat16 features = features()) {
            double given =
                    graph.step(features, ROWS, CAPTIONS, EQUAL, plan(1, 0)).loss();
            double own = graph.step(features, ROWS, CAPTIONS, EQUAL, new StepPlan(1, 0, 0, 0.9f))
                    .loss();
            assertThat(own).isNotEqualTo(given);
            for (int step = 2; step <= 200; step++) {
                graph.step(features, ROWS, CAPTIONS, EQUAL, new StepPlan(step, 5e-3f, 0, 0.5f));
            }
            assertThat(graph.decode(features, new DecodeOptions(1, 8, 0)).stream()
                            .map(DecodedCaption::words))
                    .containsExactlyElementsOf(CAPTIONS);
        }
    }

    @Test
    void aGraphWithoutScheduledSamplingRefusesIt() {
        try (TrainingGraph graph = new TrainingGraph(DECODER, PLAIN, List.of(6), 1, null, Map.of());
                TFloat16 features = features()) {
            assertThatThrownBy(() -> graph.step(features, ROWS, CAPTIONS, EQUAL, new StepPlan(1, 0, 0, 0.5f)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("scheduled sampling");
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1, -1})
    void aCaptionWithAnAdvantageGrowsLikelierAndOneWithTheOppositeLessSo(float advantage) {
        TrainingSettings settings = new TrainingSettings(0, 0, 0, 0, false, 0, 0, 0, 1, 5, 0, Precision.FLOAT32);
        List<Float> advantages = List.of(0f, 0f, advantage, 0f);
        try (TrainingGraph graph = new TrainingGraph(DECODER, settings, List.of(6), 1, null, Map.of());
                TFloat16 features = features()) {
            double before = logLikelihood(graph, features, 2);
            for (int step = 1; step <= 20; step++) {
                graph.reinforce(features, ROWS, CAPTIONS, advantages, plan(step, 1e-3f));
            }
            assertThat(Math.signum(logLikelihood(graph, features, 2) - before)).isEqualTo(advantage);
        }
    }

    @Test
    void aDecoderExploresWithManyCaptionsOfEachPhoto() {
        try (TrainingGraph graph = new TrainingGraph(DECODER, PLAIN, List.of(6), 1, null, Map.of());
                TFloat16 features = features()) {
            DecodeOptions options = new DecodeOptions(5, 6, 0, 0, new Sampling(1, 0, 1, 7));
            List<List<DecodedCaption>> drawn = graph.explore(features, options);
            assertThat(drawn)
                    .hasSize(CAPTIONS.size())
                    .allSatisfy(captions -> assertThat(captions).hasSize(5));
            assertThat(drawn.get(0).stream()
                            .map(caption -> Arrays.toString(caption.words()))
                            .distinct())
                    .hasSizeGreaterThan(1);
        }
    }

    @Test
    void equalPhotosAreExploredByChancesOfTheirOwn() {
        float[] one = randomFeatures(SIZE.cells() * SIZE.channels());
        float[] copies = new float[2 * one.length];
        System.arraycopy(one, 0, copies, 0, one.length);
        System.arraycopy(one, 0, copies, one.length, one.length);
        try (TrainingGraph graph = new TrainingGraph(DECODER, PLAIN, List.of(6), 1, null, Map.of());
                TFloat16 features = features(2, copies)) {
            List<List<DecodedCaption>> drawn =
                    graph.explore(features, new DecodeOptions(5, 6, 0, 0, new Sampling(1, 0, 1, 7)));
            assertThat(drawn.get(0).stream().map(caption -> Arrays.toString(caption.words())))
                    .doesNotContainAnyElementsOf(drawn.get(1).stream()
                            .map(caption -> Arrays.toString(caption.words()))
                            .toList());
        }
    }

    /** From the loss of a step that changes nothing and counts one caption only. */
    private static double logLikelihood(TrainingGraph graph, TFloat16 features, int caption) {
        List<Float> only = ROWS.stream().map(row -> row == caption ? 1f : 0f).toList();
        return -graph.reinforce(features, ROWS, CAPTIONS, only, plan(1, 0)).loss();
    }

    private static StepPlan plan(int number, float rate) {
        return new StepPlan(number, rate, 0, 0);
    }

    private static TFloat16 features() {
        return features(CAPTIONS.size(), randomFeatures(CAPTIONS.size() * SIZE.cells() * SIZE.channels()));
    }

    private static float[] randomFeatures(int count) {
        Random random = new Random(5);
        float[] values = new float[count];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    private static TFloat16 features(int photos, float[] values) {
        return TFloat16.tensorOf(
                NdArrays.wrap(Shape.of(photos, SIZE.cells(), SIZE.channels()), DataBuffers.of(values, true, false)));
    }
}
