package io.captioner.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;

class BeamSearchTests {
    private static final DecoderSize SIZE = new DecoderSize(11, 4, 6, 5, 3, 4, 5, 0.5f);
    private static final int IMAGES = 5;
    private static final double TOLERANCE = 2e-4;

    private final ReferenceDecoder reference = new ReferenceDecoder(SIZE, 7);
    private final double[][][] features = features();

    @ParameterizedTest
    @CsvSource({"1,6,0", "3,6,0", "3,6,1", "5,9,0.7", "3,1,1", "10,3,2"})
    void theLoopInTheGraphFindsWhatAPlainSearchFinds(int beamWidth, int maxWords, float lengthPenalty) {
        Found found = run(beamWidth, maxWords + 1, lengthPenalty, new int[][] {{-1}});

        for (int image = 0; image < IMAGES; image++) {
            List<ReferenceDecoder.Beam> expected =
                    reference.search(features[image], beamWidth, maxWords, lengthPenalty);
            for (int k = 0; k < expected.size(); k++) {
                ReferenceDecoder.Beam beam = expected.get(k);
                int from = (image * beamWidth + k) * (maxWords + 1);
                assertThat(Arrays.copyOfRange(found.tokens, from, from + maxWords + 1))
                        .as("image %d, rank %d", image, k)
                        .containsExactly(padded(beam, maxWords + 1));
                assertThat((double) found.scores[image * beamWidth + k])
                        .isCloseTo(ReferenceDecoder.ranking(beam, lengthPenalty), within(TOLERANCE));
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

    @Test
    void attentionBehindTheEndIsZero() {
        Found found = run(3, 20, 0, new int[][] {{-1}});

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

        Found found = run(1, 6, 0, given);

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
        Found together = run(3, 8, 0.7f, new int[][] {{-1}});
        for (int n = 0; n < IMAGES; n++) {
            Found alone = run(3, 8, 0.7f, new int[][] {{-1}}, features[n]);
            assertThat(alone.tokens).containsExactly(Arrays.copyOfRange(together.tokens, n * 24, (n + 1) * 24));
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Found(int[] tokens, float[] logProbs, float[] scores, float[] attention) {}

    private Found run(int beamWidth, int steps, float lengthPenalty, int[][] given) {
        return run(beamWidth, steps, lengthPenalty, given, features);
    }

    private Found run(int beamWidth, int steps, float lengthPenalty, int[][] given, double[][]... images) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            WeightSource weights = (name, shape) ->
                    tf.constant(Shape.of(shape), DataBuffers.of(reference.weights.get(name), true, false));
            SoftAttentionDecoder.Memory memory = new SoftAttentionDecoder(tf, weights, SIZE)
                    .remember(
                            tf.constant(Shape.of(images.length, SIZE.cells(), SIZE.channels()), flat(images)),
                            Dropout.NONE);
            BeamSearch.Found found = new BeamSearch(graph, tf, SIZE)
                    .search(
                            memory,
                            weights,
                            new BeamSearch.Request(
                                    tf.constant(beamWidth),
                                    tf.constant(steps),
                                    tf.constant(lengthPenalty),
                                    tf.constant(given)));
            try (Session session = new Session(graph);
                    Result result = session.runner()
                            .fetch(found.tokens())
                            .fetch(found.logProbs())
                            .fetch(found.scores())
                            .fetch(found.attention())
                            .run()) {
                return new Found(
                        Tensors.ints(result.get(0)),
                        Tensors.floats(result.get(1)),
                        Tensors.floats(result.get(2)),
                        Tensors.floats(result.get(3)));
            }
        }
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
