package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhrasesTests {
    private static final int PHOTOS = 20;

    /** Half of the photos lie at 1 and have 4 5, half at -1 and have 6, and all have 9; a single one has 8. */
    private static final Phrases PHRASES = phrases((x, y) -> new float[][] {{0.5f}, {0.5f}, {-0.5f}, {0}, {0.5f}});

    @TempDir
    Path bundle;

    private static Phrases phrases(Phrases.Regression regression) {
        float[][] directions = new float[PHOTOS][];
        int[][][] captions = new int[PHOTOS][][];
        for (int n = 0; n < PHOTOS; n++) {
            directions[n] = new float[] {n % 2 == 0 ? 1 : -1};
            captions[n] = n % 2 == 0 ? new int[][] {{9}, {4, 5}} : new int[][] {{9}, {6}};
        }
        captions[0] = new int[][] {{9, 8}, {4, 5}};
        return Phrases.of(directions, captions, regression);
    }

    private static double[] likeness(Phrases phrases, float direction, int[]... captions) {
        return phrases.likeness(new float[][] {{direction}}, List.of(List.of(captions)))[0];
    }

    @Test
    void thePhrasesOfEightPhotosOrMoreAreFitted() {
        float[][][] seen = new float[2][][];
        phrases((x, y) -> {
            seen[0] = x;
            seen[1] = y;
            return new float[5][1];
        });

        assertThat(seen[0]).hasDimensions(PHOTOS, 1);
        // 4, 5, 6, 9 and the pair 4 5: the shares of the photo's two captions that have each.
        assertThat(seen[1][0]).containsExactly(0.5f, 0.5f, 0, 0.5f, 0.5f);
        assertThat(seen[1][1]).containsExactly(0, 0, 0.5f, 0.5f, 0);
    }

    @Test
    void likenessIsTheCosineWithTheSharesThatAreExpected() {
        // At 1 the expected shares are 0.25 + 0.5 = 0.75 for 4, 5 and 4 5, and 0 for 6; 9 is in all photos, which tells
        // nothing.
        double[] likeness = likeness(
                PHRASES, 1, new int[] {4, 5}, new int[] {5, 4}, new int[] {4, 9}, new int[] {6}, new int[] {4, 8});

        double rare =
                Math.log(PHOTOS) / Math.log(2); // of a word of a single photo, over that of one of half the photos
        assertThat(likeness[0]).isCloseTo(1, within(1e-3));
        assertThat(likeness[1]).isCloseTo(0.5, within(1e-3));
        assertThat(likeness[2]).isCloseTo(0.5 / Math.sqrt(2), within(1e-3));
        assertThat(likeness[3]).isCloseTo(0, within(1e-3));
        assertThat(likeness[4]).isCloseTo(0.5 / Math.sqrt(2) / Math.sqrt(1 + rare * rare), within(1e-3));
    }

    @Test
    void anotherDirectionExpectsOtherWords() {
        assertThat(likeness(PHRASES, -1, new int[] {6}, new int[] {4, 5}, new int[0]))
                .usingComparatorWithPrecision(1e-3)
                .containsExactly(0.5, 0, 0);
    }

    @Test
    void theMeanOfThePhotosExpectsTheirMeanShares() {
        assertThat(likeness(PHRASES, 0, new int[] {4}, new int[] {6}))
                .usingComparatorWithPrecision(1e-3)
                .containsExactly(0.5 / Math.sqrt(3), 0.5 / Math.sqrt(3));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertThat(Phrases.read(bundle)).isNull();
        PHRASES.write(bundle);

        Phrases read = Objects.requireNonNull(Phrases.read(bundle));

        int[][] captions = {{4, 5}, {6, 4, 8}, {9}};
        assertThat(read.dimensions()).isEqualTo(1);
        assertThat(likeness(read, 0.7f, captions)).containsExactly(likeness(PHRASES, 0.7f, captions));
    }

    @Test
    void ofTooFewPhotosNothingIsExpected() throws IOException {
        Phrases none = Phrases.of(new float[][] {{1}}, new int[][][] {{{4, 5}}}, (x, y) -> new float[0][]);
        none.write(bundle);

        assertThat(likeness(Objects.requireNonNull(Phrases.read(bundle)), 1, new int[] {4, 5}))
                .containsExactly(0);
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        PHRASES.write(bundle);
        Path file = bundle.resolve(Bundle.PHRASES);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 3, 15, 16, 40, whole.length - 1, whole.length + 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(BrokenBundleException.class).isThrownBy(() -> Phrases.read(bundle));
        }
        // Magic, counts, the first phrase, its photos, its constant and its scale.
        for (int field : new int[] {0, 4, 8, 12, 20, 24, 28, 32}) {
            byte[] damaged = whole.clone();
            Arrays.fill(damaged, field, field + 4, (byte) 0xff);
            Files.write(file, damaged);
            assertThatExceptionOfType(BrokenBundleException.class).isThrownBy(() -> Phrases.read(bundle));
        }
    }
}
