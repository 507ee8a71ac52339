package io.captioner.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeOptions.Sampling;
import io.captioner.model.Signatures;
import io.captioner.model.WordRules;
import io.captioner.text.Vocabulary;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderLayers;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.decoder.Mode;
import io.captioner.training.decoder.SoftAttentionLstm;
import io.captioner.training.weights.Tensors;
import io.captioner.training.weights.WeightSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;

class BeamSearchTests {
    private static final DecoderSize SIZE = new DecoderSize(11, 4, 6, 5, 3, 4, 5, 0, 0.5f, 0);
    private static final int IMAGES = 5;
    private static final int[][] CHOOSE = {{-1}};
    private static final double TOLERANCE = 2e-4;

    private final ReferenceDecoder reference = new ReferenceDecoder(SIZE, 7);
    private final double[][][] features = features();
    private double @Nullable [] prior;

    @ParameterizedTest
    @CsvSource({
        "1,6,0,0",
        "3,6,0,0",
        "3,6,1,0",
        "5,9,0.7,0",
        "3,1,1,0",
        "10,3,2,0",
        "1,9,0,1",
        "3,9,0,1",
        "3,12,0,2",
        "3,15,0,3",
        "2,15,0,4"
    })
    void theLoopInTheGraphFindsWhatAPlainSearchFinds(
            int beamWidth, int maxWords, float lengthPenalty, int noRepeatNgram) {
        DecodeOptions options = new DecodeOptions(beamWidth, maxWords, lengthPenalty, noRepeatNgram, null);
        Found found = run(options);

        for (int image = 0; image < IMAGES; image++) {
            List<ReferenceDecoder.Beam> expected = reference.search(features[image], options);
            for (int k = 0; k < expected.size(); k++) {
                ReferenceDecoder.Beam beam = expected.get(k);
                int from = (image * beamWidth + k) * (maxWords + 1);
                requireFound(beam, found, image * beamWidth + k, options);
                for (int t = 0; t < beam.tokens().size(); t++) {
                    assertThat((double) found.logProbs[from + t])
                            .isCloseTo(beam.logProbs().get(t), within(TOLERANCE));
                    boolean cut = beam.tokens().get(t) == Vocabulary.PAD;
                    for (int cell = 0; cell < SIZE.cells(); cell++) {
                        assertThat((double) found.attention[(from + t) * SIZE.cells() + cell])
                                .isCloseTo(cut ? 0 : beam.alphas().get(t)[cell], within(TOLERANCE));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2,6", "3,9", "5,9", "10,7"})
    void consensusOrdersTheHypothesesByHowMuchTheyAgree(int beamWidth, int maxWords) {
        DecodeOptions byScore = new DecodeOptions(beamWidth, maxWords, 0.7f);
        DecodeOptions options = new DecodeOptions(beamWidth, maxWords, 0.7f, 0, null, null, true);
        Found found = run(options);

        List<ReferenceDecoder.Beam> best = new ArrayList<>();
        for (int image = 0; image < IMAGES; image++) {
            List<ReferenceDecoder.Beam> search = reference.search(features[image], byScore);
            List<ReferenceDecoder.Beam> expected = ReferenceDecoder.byConsensus(search, 0.7f);
            for (int k = 0; k < beamWidth; k++) {
                requireFound(expected.get(k), found, image * beamWidth + k, options);
            }
            if (expected.get(0) != search.get(0)) {
                best.add(expected.get(0));
            }
        }
        assertThat(best.isEmpty()).as("another caption is best").isEqualTo(beamWidth == 2);
    }

    @ParameterizedTest
    @CsvSource({"1,9", "3,9", "5,6"})
    void aPriorIsAddedToTheLogitsOfWordsThatAreNotThereYet(int beamWidth, int maxWords) {
        double[] raised = new double[SIZE.vocabulary()];
        raised[6] = 2;
        raised[9] = -1.5;
        ReferenceDecoder withPrior = new ReferenceDecoder(SIZE, 7, raised);
        DecodeOptions options = new DecodeOptions(beamWidth, maxWords, 0.7f);
        prior = raised;
        Found found = run(options);

        int others = 0;
        for (int image = 0; image < IMAGES; image++) {
            List<ReferenceDecoder.Beam> plain = reference.search(features[image], options);
            List<ReferenceDecoder.Beam> expected = withPrior.search(features[image], options);
            for (int k = 0; k < beamWidth; k++) {
                requireFound(expected.get(k), found, image * beamWidth + k, options);
                others += expected.get(k).tokens().equals(plain.get(k).tokens()) ? 0 : 1;
            }
        }
        assertThat(others).as("captions that the prior changes").isPositive();
    }

    /** @param place of the caption among those of all images */
    private static void requireFound(ReferenceDecoder.Beam expected, Found found, int place, DecodeOptions options) {
        int steps = options.maxWords() + 1;
        assertThat(Arrays.copyOfRange(found.tokens, place * steps, (place + 1) * steps))
                .as("caption %d", place)
                .containsExactly(padded(expected, steps));
        assertThat((double) found.scores[place])
                .isCloseTo(ReferenceDecoder.ranking(expected, options.lengthPenalty()), within(TOLERANCE));
    }

    private static Stream<Arguments> rules() {
        int[] none = {};
        return Stream.of(
                Arguments.of(1, 6, ids(new int[] {5}, none, none, none)),
                Arguments.of(3, 6, ids(new int[] {5, 8, 5}, none, none, none)),
                Arguments.of(3, 6, ids(none, new int[] {4}, new int[] {9}, none)),
                Arguments.of(3, 6, ids(new int[] {7}, new int[] {4, 5, 6}, new int[] {9, 9, 10}, none)),
                Arguments.of(1, 6, ids(none, none, none, new int[] {6})),
                Arguments.of(3, 6, ids(none, none, none, new int[] {6})),
                Arguments.of(3, 4, ids(none, none, none, new int[] {6, 10, 4})),
                Arguments.of(2, 9, ids(new int[] {8}, new int[] {5}, new int[] {10}, new int[] {10, 4})));
    }

    private static WordRules.Ids ids(int[] avoid, int[] from, int[] to, int[] require) {
        return new WordRules.Ids(avoid, from, to, require);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rulesAboutWordsAreFollowedAsInAPlainSearch(int beamWidth, int maxWords, WordRules.Ids rules) {
        for (int noRepeat : new int[] {0, 1}) {
            DecodeOptions options = new DecodeOptions(beamWidth, maxWords, 0.7f, noRepeat, null);
            int places = beamWidth * (rules.require().length + 1);
            Found found = run(options, rules);

            for (int image = 0; image < IMAGES; image++) {
                List<ReferenceDecoder.Beam> expected = reference.search(features[image], options, rules);
                assertThat(expected).isNotEmpty();
                for (int k = 0; k < expected.size(); k++) {
                    ReferenceDecoder.Beam beam = expected.get(k);
                    int from = (image * places + k) * (maxWords + 1);
                    requireFound(beam, found, image * places + k, options);
                    for (int t = 0; t < beam.tokens().size(); t++) {
                        assertThat((double) found.logProbs[from + t])
                                .isCloseTo(beam.logProbs().get(t), within(TOLERANCE));
                    }
                }
                for (int k = expected.size(); k < places; k++) {
                    assertThat(found.scores[image * places + k]).isLessThan(Signatures.NO_CAPTION);
                }
            }
        }
    }

    @Test
    void attentionBehindTheEndIsZero() {
        Found found = run(new DecodeOptions(3, 19, 0));

        for (int i = 0; i < found.tokens.length; i++) {
            double mass = 0;
            for (int cell = 0; cell < SIZE.cells(); cell++) {
                mass += found.attention[i * SIZE.cells() + cell];
            }
            boolean behindTheEnd = found.tokens[i] == Vocabulary.PAD;
            assertThat(mass).isCloseTo(behindTheEnd ? 0 : 1, within(1e-5));
        }
    }

    @Test
    void givenCaptionsAreFollowedToTheirEnds() {
        int[][] captions = {{4, 5, 6}, {7}, {3, 10, 4, 9}, {8, 8}, {5, 6, 7, 8}};
        int[][] given = new int[IMAGES][];
        for (int n = 0; n < IMAGES; n++) {
            given[n] = Arrays.copyOf(captions[n], 6);
            given[n][captions[n].length] = Vocabulary.END;
        }

        Found found = run(new DecodeOptions(1, 5, 0), given, features);

        for (int n = 0; n < IMAGES; n++) {
            ReferenceDecoder.Beam expected = reference.score(features[n], captions[n]);
            assertThat(Arrays.copyOfRange(found.tokens, n * 6, n * 6 + 6)).containsExactly(given[n]);
            for (int t = 0; t < expected.tokens().size(); t++) {
                assertThat((double) found.logProbs[n * 6 + t])
                        .isCloseTo(expected.logProbs().get(t), within(TOLERANCE));
            }
            assertThat((double) found.scores[n]).isCloseTo(expected.score(), within(TOLERANCE));
        }
    }

    @Test
    void anImageGetsTheSameCaptionAloneAndAmongOthers() {
        alike(new DecodeOptions(3, 7, 0.7f));
    }

    @Test
    void anImageGetsTheSameDrawnCaptionAloneAndAmongOthers() {
        alike(new DecodeOptions(3, 7, 0.7f, 0, new Sampling(1.2f, 6, 0.9f, 17)));
    }

    private void alike(DecodeOptions options) {
        Found together = run(options);
        for (int n = 0; n < IMAGES; n++) {
            Found alone = run(options, CHOOSE, features[n]);
            assertThat(alone.tokens).containsExactly(Arrays.copyOfRange(together.tokens, n * 24, (n + 1) * 24));
        }
    }

    @Test
    void wordsAreDrawnAsOftenAsTheyAreProbable() {
        double[] probabilities = firstWordProbabilities(1);
        int[] counts = draw(new Sampling(1, 0, 1, 0), 4_000);

        for (int word = Vocabulary.UNKNOWN + 1; word < SIZE.vocabulary(); word++) {
            double expected = probabilities[word];
            double deviation = Math.sqrt(expected * (1 - expected) / 4_000);
            assertThat(counts[word] / 4_000.0).as("word %d", word).isCloseTo(expected, within(5 * deviation + 1e-3));
        }
        assertThat(counts[Vocabulary.PAD] + counts[Vocabulary.START] + counts[Vocabulary.UNKNOWN])
                .isZero();
    }

    @Test
    void aTemperatureSharpensAndTopKAndTopPLimitWhatIsDrawn() {
        double[] sharp = firstWordProbabilities(0.5);
        int[] counts = draw(new Sampling(0.5f, 0, 1, 3), 4_000);
        int best = ranked(sharp).get(0);
        assertThat(counts[best] / 4_000.0).isCloseTo(sharp[best], within(0.04));

        List<Integer> byProbability = ranked(firstWordProbabilities(1));
        assertThat(drawn(draw(new Sampling(1, 2, 1, 3), 400)))
                .containsExactlyInAnyOrderElementsOf(byProbability.subList(0, 2));
        assertThat(drawn(draw(new Sampling(1, 1, 1, 3), 100))).containsExactly(best);

        double mass = firstWordProbabilities(1)[best] + 1e-4;
        assertThat(drawn(draw(new Sampling(1, 0, (float) mass, 3), 400)))
                .containsExactlyInAnyOrderElementsOf(byProbability.subList(0, 2));
    }

    @Test
    void anotherSeedDrawsOtherCaptionsAndTheSameTheSame() {
        Found first = run(new DecodeOptions(8, 9, 0, 0, new Sampling(1.5f, 0, 1, 1)));
        assertThat(run(new DecodeOptions(8, 9, 0, 0, new Sampling(1.5f, 0, 1, 1))).tokens)
                .isEqualTo(first.tokens);
        assertThat(run(new DecodeOptions(8, 9, 0, 0, new Sampling(1.5f, 0, 1, 2))).tokens)
                .isNotEqualTo(first.tokens);
    }

    @Test
    void aDrawnCaptionHasItsOwnLogProbabilityAndNotTheTemperedOne() {
        Found found = run(new DecodeOptions(1, 6, 0, 0, new Sampling(0.7f, 0, 1, 5)));

        for (int image = 0; image < IMAGES; image++) {
            int[] tokens = Arrays.copyOfRange(found.tokens, image * 7, image * 7 + 7);
            int words = 0;
            while (words < 7 && tokens[words] != Vocabulary.END && tokens[words] != Vocabulary.PAD) {
                words++;
            }
            ReferenceDecoder.Beam scored = reference.score(features[image], Arrays.copyOf(tokens, words));
            for (int t = 0; t < words; t++) {
                assertThat((double) found.logProbs[image * 7 + t])
                        .isCloseTo(scored.logProbs().get(t), within(TOLERANCE));
            }
        }
    }

    /** Probabilities of the first word of the first image's captions, as sampling sees them. */
    private double[] firstWordProbabilities(double temperature) {
        double[] logProbs = reference.next(features[0]);
        double sum = 0;
        double[] probabilities = new double[logProbs.length];
        for (int word = 0; word < logProbs.length; word++) {
            boolean allowed = word != Vocabulary.PAD && word != Vocabulary.START && word != Vocabulary.UNKNOWN;
            probabilities[word] = allowed ? Math.exp(logProbs[word] / temperature) : 0;
            sum += probabilities[word];
        }
        for (int word = 0; word < probabilities.length; word++) {
            probabilities[word] /= sum;
        }
        return probabilities;
    }

    private int[] draw(Sampling sampling, int times) {
        Found found = run(new DecodeOptions(times, 1, 0, 0, sampling), CHOOSE, features[0]);
        int[] counts = new int[SIZE.vocabulary()];
        for (int k = 0; k < times; k++) {
            counts[found.tokens[2 * k]]++;
        }
        return counts;
    }

    private static List<Integer> drawn(int[] counts) {
        return IntStream.range(0, counts.length)
                .filter(word -> counts[word] > 0)
                .boxed()
                .toList();
    }

    private static List<Integer> ranked(double[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer word) -> -probabilities[word]))
                .toList();
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Found(int[] tokens, float[] logProbs, float[] scores, float[] attention) {}

    private Found run(DecodeOptions options) {
        return run(options, CHOOSE, features);
    }

    private Found run(DecodeOptions options, WordRules.Ids rules) {
        return run(options, rules, CHOOSE, features);
    }

    private Found run(DecodeOptions options, int[][] given, double[][]... images) {
        return run(options, null, given, images);
    }

    private Found run(DecodeOptions options, WordRules.@Nullable Ids rules, int[][] given, double[][]... images) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            StepWeights.Once weights = new StepWeights.Once(weights(tf));
            Decoder decoder = new SoftAttentionLstm(SIZE);
            Decoder.DecoderContext memory = decoder.initialState(
                    new DecoderLayers(tf, weights, true),
                    tf.constant(Shape.of(images.length, SIZE.cells(), SIZE.channels()), flat(images)),
                    Mode.INFERENCE);
            SearchInputs inputs = SearchInputs.in(tf, 1);
            BeamSearch.Found found = new BeamSearch(graph, tf, decoder)
                    .search(
                            memory,
                            StepWeights.frozen(decoder, weights, this::weights),
                            new BeamSearch.Request(
                                    inputs,
                                    tf.math.add(inputs.maxLength(), tf.constant(1)),
                                    tf.constant(given),
                                    true,
                                    prior == null ? null : tf.constant(repeated(prior, images.length))));
            try (Session session = new Session(graph)) {
                Session.Runner runner = session.runner()
                        .fetch(found.tokens())
                        .fetch(found.logProbs())
                        .fetch(found.scores())
                        .fetch(found.attention());
                int width = options.beamWidth() * (rules == null ? 1 : rules.require().length + 1);
                DecodeOptions wide = new DecodeOptions(
                        width,
                        options.maxWords(),
                        options.lengthPenalty(),
                        options.noRepeatNgram(),
                        options.sampling(),
                        null,
                        options.consensus());
                try (Feed feed = inputs.feed(runner, wide)) {
                    if (rules != null) {
                        inputs.feed(feed, rules);
                    }
                    try (Result result = runner.run()) {
                        return found(result);
                    }
                }
            }
        }
    }

    private static float[][] repeated(double[] row, int count) {
        float[] values = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            values[i] = (float) row[i];
        }
        return Collections.nCopies(count, values).toArray(float[][]::new);
    }

    private WeightSource weights(Ops tf) {
        return (name, shape) -> tf.constant(Shape.of(shape), DataBuffers.of(reference.weights.get(name), true, false));
    }

    private static Found found(Result result) {
        return new Found(
                Tensors.ints(result.get(0)),
                Tensors.floats(result.get(1)),
                Tensors.floats(result.get(2)),
                Tensors.floats(result.get(3)));
    }

    private static org.tensorflow.ndarray.buffer.FloatDataBuffer flat(double[][][] images) {
        List<Float> values = new ArrayList<>();
        for (double[][] image : images) {
            for (double[] vector : image) {
                for (double value : vector) {
                    values.add((float) value);
                }
            }
        }
        float[] flat = new float[values.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = values.get(i);
        }
        return DataBuffers.of(flat, true, false);
    }

    private static double[][][] features() {
        Random random = new Random(3);
        double[][][] features = new double[IMAGES][SIZE.cells()][SIZE.channels()];
        for (double[][] image : features) {
            for (double[] vector : image) {
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = (float) random.nextGaussian();
                }
            }
        }
        return features;
    }

    private static int[] padded(ReferenceDecoder.Beam beam, int length) {
        int[] tokens = new int[length];
        for (int t = 0; t < beam.tokens().size(); t++) {
            tokens[t] = beam.tokens().get(t);
        }
        return tokens;
    }
}
