package io.captioner.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.captioner.model.Familiarity;
import io.captioner.model.Neighbours;
import io.captioner.model.TrainingPhotos;
import io.captioner.training.weights.Tensors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

class WordPriorTests {
    private static final int VOCABULARY = 12;
    private static final int NEAREST = 60;
    private static final Familiarity FAMILIARITY =
            new Familiarity(new float[] {1, 2, 3}, new float[][] {{2, 0, 0}, {0, 0.5f, 0.5f}}, 1, new float[] {0, 1});

    private final Random random = new Random(5);

    @Test
    void logitsFollowHowMuchMoreOftenTheNearestPhotosCaptionsHaveAWord() {
        int photos = 100;
        float[][] directions = IntStream.range(0, photos)
                .mapToObj(n -> FAMILIARITY.direction(new float[] {gaussian(), gaussian(), 0}))
                .toArray(float[][]::new);
        int[][][] captions = IntStream.range(0, photos)
                .mapToObj(n -> IntStream.rangeClosed(0, n % 3)
                        .mapToObj(c -> random.ints(2 + c, 4, VOCABULARY - 1).toArray())
                        .toArray(int[][]::new))
                .toArray(int[][][]::new);
        float[][] features = {{1.5f, 1, 4}, {0, 3, 3}};

        float[] prior = prior(Neighbours.of(directions, captions), features);

        for (int image = 0; image < features.length; image++) {
            double[] expected = expected(features[image], directions, captions);
            for (int word = 4; word < VOCABULARY; word++) {
                assertThat((double) prior[image * VOCABULARY + word])
                        .as("word %d of image %d", word, image)
                        .isCloseTo(expected[word], within(1e-4));
            }
        }
    }

    @Test
    void theSpecialIdsAndWordsOfEqualShareGetNothing() {
        Neighbours alike = Neighbours.of(new float[][] {{1, 0}, {0, 1}}, new int[][][] {{{4, 5, 4}}, {{5, 4, 3}}});

        float[] prior = prior(alike, new float[][] {{2, 2, 3}});

        assertThat(prior).containsExactly(new float[VOCABULARY], within(1e-6f));
    }

    @Test
    void withoutCaptionsThereIsNoPrior() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WordPrior(new TrainingPhotos(FAMILIARITY, null, null), VOCABULARY))
                .withMessageContaining("captions");
    }

    /** The definition in plain arithmetic. */
    private static double[] expected(float[] features, float[][] directions, int[][][] captions) {
        float[] direction = FAMILIARITY.direction(FAMILIARITY.position(features));
        double[] cosines = Arrays.stream(directions)
                .mapToDouble(other -> direction[0] * rounded(other[0]) + direction[1] * rounded(other[1]))
                .toArray();
        List<Integer> nearest = IntStream.range(0, cosines.length)
                .boxed()
                .sorted(Comparator.comparingDouble(n -> -cosines[n]))
                .limit(NEAREST)
                .toList();
        double total =
                nearest.stream().mapToDouble(n -> Math.exp(20 * cosines[n])).sum();
        double[] expected = new double[VOCABULARY];
        for (int word = 0; word < VOCABULARY; word++) {
            double near = 0;
            double all = 0;
            for (int n = 0; n < cosines.length; n++) {
                int wanted = word;
                double share = Arrays.stream(captions[n])
                                .filter(caption -> Arrays.stream(caption).anyMatch(one -> one == wanted))
                                .count()
                        / (double) captions[n].length;
                near += nearest.contains(n) ? Math.exp(20 * cosines[n]) / total * share : 0;
                all += share / cosines.length;
            }
            expected[word] = 0.4 * Math.log((near + 0.01) / (all + 0.01));
        }
        return expected;
    }

    /** As the bundle's file has it. */
    private static double rounded(float value) {
        return Math.round(value * 127) / 127.0;
    }

    private static float[] prior(Neighbours neighbours, float[][] features) {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            WordPrior prior = new WordPrior(new TrainingPhotos(FAMILIARITY, neighbours, null), VOCABULARY);
            try (Result result = session.runner()
                    .fetch(prior.logits(tf, tf.constant(features)))
                    .run()) {
                return Tensors.floats(result.get(0));
            }
        }
    }

    private float gaussian() {
        return (float) random.nextGaussian();
    }
}
