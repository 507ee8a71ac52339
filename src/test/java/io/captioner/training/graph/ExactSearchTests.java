package io.captioner.training.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.model.DecodeOptions;
import io.captioner.text.Vocabulary;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderLayers;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.decoder.Mode;
import io.captioner.training.decoder.SoftAttentionLstm;
import io.captioner.training.weights.Tensors;
import io.captioner.training.weights.WeightSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/** The search in the graph against the plain one, on random models, with every kind of early end. */
class ExactSearchTests {
    private static final DecoderSize SIZE = new DecoderSize(16, 4, 6, 16, 16, 16, 16, 0, 0.5f, 0);
    private static final int IMAGES = 6;
    private static final float[] PENALTIES = {0, 0.3f, 0.7f, 1, 2};
    private static final double TOLERANCE = 5e-4;

    @SuppressWarnings("ArrayRecordComponent")
    private record Found(int[] tokens, float[] logProbs, float[] scores, float[] attention) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomModelsGiveWhatAPlainSearchGivesForAllOptions(long seed) {
        ReferenceDecoder reference = likelyToEnd(new ReferenceDecoder(SIZE, seed), (float) (seed % 3));
        Random random = new Random(seed);
        double[][][] features = features(random);
        try (Model frozen = new Model(reference, features, true);
                Model variable = new Model(reference, features, false)) {
            for (int run = 0; run < 12; run++) {
                DecodeOptions options = new DecodeOptions(
                        1 + random.nextInt(6),
                        1 + random.nextInt(12),
                        PENALTIES[random.nextInt(PENALTIES.length)],
                        random.nextInt(3),
                        null);
                requireEqual(
                        reference, features, options, frozen.run(options, options.beamWidth()), options.beamWidth());
                requireEqual(
                        reference, features, options, variable.run(options, options.beamWidth()), options.beamWidth());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void theBestOfASearchThatEndsWhenTheyAreSureAreThoseOfTheFullSearch(long seed) {
        ReferenceDecoder reference = likelyToEnd(new ReferenceDecoder(SIZE, seed), 3);
        Random random = new Random(seed);
        double[][][] features = features(random);
        try (Model model = new Model(reference, features, true)) {
            for (int run = 0; run < 12; run++) {
                DecodeOptions options = new DecodeOptions(
                        2 + random.nextInt(5), 2 + random.nextInt(12), PENALTIES[run % PENALTIES.length]);
                int alternatives = 1 + random.nextInt(options.beamWidth() - 1);
                requireEqual(reference, features, options, model.run(options, alternatives), alternatives);
            }
        }
    }

    @Test
    void hypothesesOfEqualScoreComeInTheOrderOfTheirWords() {
        ReferenceDecoder reference = new ReferenceDecoder(SIZE, 5);
        Arrays.fill(reference.weights.get("embedding"), 0);
        Arrays.fill(reference.weights.get("output/bias"), 0);
        double[][][] features = features(new Random(5));
        try (Model model = new Model(reference, features, true)) {
            Found found = model.run(new DecodeOptions(3, 4, 0), 3);

            for (int image = 0; image < IMAGES; image++) {
                // All words are as likely: the first hypothesis is continued first, by its first words.
                int from = image * 3 * 5;
                assertThat(Arrays.copyOfRange(found.tokens, from, from + 15))
                        .containsExactly(2, 0, 0, 0, 0, 4, 2, 0, 0, 0, 4, 4, 2, 0, 0);
            }
            assertThat(model.run(new DecodeOptions(3, 4, 0), 3).tokens).isEqualTo(found.tokens);
        }
    }

    private static void requireEqual(
            ReferenceDecoder reference, double[][][] features, DecodeOptions options, Found found, int ranks) {
        int steps = options.maxWords() + 1;
        for (int image = 0; image < IMAGES; image++) {
            List<ReferenceDecoder.Beam> expected = reference.search(features[image], options);
            for (int k = 0; k < Math.min(ranks, expected.size()); k++) {
                ReferenceDecoder.Beam beam = expected.get(k);
                int row = image * options.beamWidth() + k;
                int[] tokens = new int[steps];
                for (int t = 0; t < beam.tokens().size(); t++) {
                    tokens[t] = beam.tokens().get(t);
                }
                String what = "image %d, rank %d of %s".formatted(image, k, options);
                assertThat(Arrays.copyOfRange(found.tokens, row * steps, (row + 1) * steps))
                        .as(what)
                        .containsExactly(tokens);
                assertThat((double) found.scores[row])
                        .as(what)
                        .isCloseTo(ReferenceDecoder.ranking(beam, options.lengthPenalty()), within(TOLERANCE));
                for (int t = 0; t < beam.tokens().size(); t++) {
                    assertThat((double) found.logProbs[row * steps + t])
                            .as(what)
                            .isCloseTo(beam.logProbs().get(t), within(TOLERANCE));
                    boolean cut = beam.tokens().get(t) == Vocabulary.PAD;
                    for (int cell = 0; cell < SIZE.cells(); cell++) {
                        assertThat((double) found.attention[(row * steps + t) * SIZE.cells() + cell])
                                .as(what)
                                .isCloseTo(cut ? 0 : beam.alphas().get(t)[cell], within(TOLERANCE));
                    }
                }
            }
        }
    }

    private static ReferenceDecoder likelyToEnd(ReferenceDecoder reference, float bias) {
        requireNonNull(reference.weights.get("output/bias"))[Vocabulary.END] += bias;
        return reference;
    }

    private static double[][][] features(Random random) {
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

    /** A graph and a session of one decoder over fixed images. */
    private static final class Model implements AutoCloseable {
        private final Graph graph = new Graph();
        private final SearchInputs inputs;
        private final BeamSearch.Found found;
        private final Session session;

        /** @param constant whether the loop's weights are constants of its body, and not passed in */
        Model(ReferenceDecoder reference, double[][][] features, boolean constant) {
            Ops tf = Ops.create(graph);
            Function<Ops, WeightSource> constants = ops -> (name, shape) ->
                    ops.constant(Shape.of(shape), DataBuffers.of(reference.weights.get(name), true, false));
            StepWeights.Once weights = new StepWeights.Once(constants.apply(tf));
            Decoder decoder = new SoftAttentionLstm(SIZE);
            float[] flat = new float[IMAGES * SIZE.cells() * SIZE.channels()];
            for (int i = 0; i < flat.length; i++) {
                int cell = i / SIZE.channels();
                flat[i] = (float) features[cell / SIZE.cells()][cell % SIZE.cells()][i % SIZE.channels()];
            }
            Decoder.DecoderContext context = decoder.initialState(
                    new DecoderLayers(tf, weights, constant),
                    tf.constant(Shape.of(IMAGES, SIZE.cells(), SIZE.channels()), DataBuffers.of(flat, true, false)),
                    Mode.INFERENCE);
            this.inputs = SearchInputs.in(tf, 1);
            this.found = new BeamSearch(graph, tf, decoder)
                    .search(
                            context,
                            constant
                                    ? StepWeights.frozen(decoder, weights, constants)
                                    : StepWeights.variables(decoder, weights),
                            new BeamSearch.Request(
                                    inputs,
                                    tf.math.add(inputs.maxLength(), tf.constant(1)),
                                    tf.constant(new int[][] {{-1}}),
                                    true));
            this.session = new Session(graph);
        }

        Found run(DecodeOptions options, int alternatives) {
            Session.Runner runner = session.runner()
                    .fetch(found.tokens())
                    .fetch(found.logProbs())
                    .fetch(found.scores())
                    .fetch(found.attention());
            try (Feed feed = inputs.feed(runner, options);
                    TInt32 wanted = TInt32.scalarOf(alternatives);
                    Result result = runner.feed(inputs.alternatives(), wanted).run()) {
                return new Found(
                        Tensors.ints(result.get(0)),
                        Tensors.floats(result.get(1)),
                        Tensors.floats(result.get(2)),
                        Tensors.floats(result.get(3)));
            }
        }

        @Override
        public void close() {
            session.close();
            graph.close();
        }
    }
}
