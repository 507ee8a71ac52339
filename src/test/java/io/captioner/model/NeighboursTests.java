package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.captioner.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighboursTests {
    /** The share of the nearer one of two photos at a right angle, if the image is like it. */
    private static final double NEARER = 1 / (1 + Math.exp(-20));

    private static final Neighbours TWO =
            Neighbours.of(new float[][] {{1, 0}, {0, 1}}, new int[][][] {{{9, 4, 5}}, {{9, 6, 7}}});

    @TempDir
    Path bundle;

    private static double[] support(Neighbours neighbours, float[] direction, List<int[]> hypotheses) {
        return neighbours.support(new float[][] {direction}, List.of(hypotheses))[0];
    }

    @Test
    void supportIsTheSimilarityToTheCaptionsOfTheNearestPhotos() {
        double[] support = support(
                TWO,
                new float[] {1, 0},
                List.of(new int[] {9, 4, 5}, new int[] {4, 5}, new int[] {5, 4}, new int[] {4, 8}, new int[] {6}));

        // 9 is in the captions of both photos, which tells nothing; all other words and pairs weigh the same.
        assertThat(support[0]).isCloseTo(NEARER, within(1e-6));
        assertThat(support[1]).isCloseTo(NEARER * (1 + 1 / Math.sqrt(2)) / 2, within(1e-6));
        assertThat(support[2]).isCloseTo(NEARER / 2, within(1e-6));
        assertThat(support[3]).isCloseTo(NEARER / 4, within(1e-6));
        assertThat(support[4]).isCloseTo((1 - NEARER) / 2 / Math.sqrt(2), within(1e-6));
    }

    @Test
    void aPhotosCaptionWithAnUnknownWordIsLessLikeOneWithout() {
        int[] words = {6, 7};
        float[] first = {1};
        double known = support(
                Neighbours.of(new float[][] {first, {-1}}, new int[][][] {{words}, {{4}}}), first, List.of(words))[0];
        double unknown = support(
                Neighbours.of(new float[][] {first, {-1}}, new int[][][] {
                    {{6, 7, Vocabulary.UNKNOWN}}, {{Vocabulary.UNKNOWN}}
                }),
                first,
                List.of(words))[0];

        assertThat(known).isCloseTo(1, within(1e-6));
        assertThat(unknown).isCloseTo((Math.sqrt(2.0 / 3) + Math.sqrt(0.5)) / 2, within(1e-6));
        assertThat(support(TWO, new float[] {0, 1}, List.of(new int[0]))).containsExactly(0);
    }

    @Test
    void onlyTheTwentyNearestPhotosCount() {
        int photos = 50;
        float[][] directions = new float[photos][];
        int[][][] captions = new int[photos][][];
        for (int n = 0; n < photos; n++) {
            double angle = 0.01 * ((n * 7) % photos);
            directions[n] = new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
            captions[n] = new int[][] {{4 + (n * 7) % photos}};
        }
        Neighbours neighbours = Neighbours.of(directions, captions);

        double[] support = support(
                neighbours,
                new float[] {1, 0},
                List.of(new int[] {4}, new int[] {4 + 15}, new int[] {4 + 25}, new int[] {4 + 49}));

        assertThat(support[0]).isGreaterThan(support[1]);
        assertThat(support[1]).isPositive();
        assertThat(support[2]).isZero();
        assertThat(support[3]).isZero();
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertThat(Neighbours.read(bundle)).isNull();
        Random random = new Random(1);
        float[][] directions = new float[30][4];
        int[][][] captions = new int[30][2][];
        for (int n = 0; n < directions.length; n++) {
            for (int k = 0; k < 4; k++) {
                directions[n][k] = random.nextFloat() - 0.5f;
            }
            captions[n][0] = random.ints(3, 4, 9).toArray();
            captions[n][1] = random.ints(n % 5, 4, 9).toArray();
        }
        Neighbours neighbours = Neighbours.of(directions, captions);
        neighbours.write(bundle);

        Neighbours read = Objects.requireNonNull(Neighbours.read(bundle));

        float[] direction = {0.5f, -0.5f, 0.5f, 0.5f};
        List<int[]> hypotheses = List.of(new int[] {4, 5, 6}, new int[] {8, 8});
        assertThat(read.dimensions()).isEqualTo(4);
        assertThat(support(read, direction, hypotheses)).containsExactly(support(neighbours, direction, hypotheses));
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        TWO.write(bundle);
        Path file = bundle.resolve(Bundle.NEIGHBOURS);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 3, 12, 14, 20, whole.length - 4, whole.length + 4}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(BrokenBundleException.class).isThrownBy(() -> Neighbours.read(bundle));
        }
        for (int field : new int[] {4, 8, 16, 20}) {
            for (byte value : new byte[] {0x7f, (byte) 0xff}) {
                byte[] damaged = whole.clone();
                Arrays.fill(damaged, field, field + 4, value);
                Files.write(file, damaged);
                assertThatExceptionOfType(BrokenBundleException.class).isThrownBy(() -> Neighbours.read(bundle));
            }
        }
    }

    @Test
    void photosThatDoNotFitAreRefused() {
        float[][] directions = {{1, 0}, {0, 1}};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Neighbours.of(directions, new int[1][1][1]))
                .withMessageContaining("2 directions and 1 lists of captions");
        assertThatIllegalArgumentException().isThrownBy(() -> Neighbours.of(directions, new int[2][0][]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Neighbours.of(new float[][] {{1, 0}, {1}}, new int[2][1][1]));
    }
}
