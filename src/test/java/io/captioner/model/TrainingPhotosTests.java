package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingPhotosTests {
    private static final Familiarity FAMILIARITY =
            new Familiarity(new float[2], new float[][] {{1, 0}, {0, 1}}, 1, new float[] {0, 1});
    private static final TrainingPhotos PHOTOS = new TrainingPhotos(
            FAMILIARITY, Neighbours.of(new float[][] {{1, 0}, {0, 1}}, new int[][][] {{{4, 5}}, {{6, 7}}}), null);

    /** Of ten photos each to the right and above; what is expected to the right is 4 and 5, above 6 and 7. */
    private static final Phrases PHRASES = Phrases.of(
            IntStream.range(0, 20)
                    .mapToObj(n -> n < 10 ? new float[] {1, 0} : new float[] {0, 1})
                    .toArray(float[][]::new),
            IntStream.range(0, 20)
                    .mapToObj(n -> n < 10 ? new int[][] {{4, 5}} : new int[][] {{6, 7}})
                    .toArray(int[][][]::new),
            (x, y) -> new float[][] {
                {0.5f, -0.5f}, {0.5f, -0.5f}, {-0.5f, 0.5f}, {-0.5f, 0.5f}, {0.5f, -0.5f}, {-0.5f, 0.5f}
            });

    /** The search likes the first one best; people wrote the second one of a photo like the image. */
    private static final List<Hypothesis> BEAM = List.of(caption(6, 7), caption(4, 5), caption(4, 8));

    private static final float[][] FEATURES = {{3, 0}};

    @TempDir
    Path bundle;

    @Test
    void consensusPutsCaptionsIntoTheOrderOfTheirSupport() {
        List<Hypothesis> placed = PHOTOS.place(List.of(BEAM), FEATURES, true).get(0);

        assertThat(placed).extracting(one -> one.tokens()[1]).containsExactly(5, 8, 7);
        assertThat(placed).extracting(Hypothesis::support).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(placed).allSatisfy(one -> assertThat(one.position()).containsExactly(3, 0, 0));
    }

    @Test
    void ofCaptionsWithEqualSupportTheMoreProbableOneComesFirst() {
        List<Hypothesis> beam = List.of(scored(-1, 8, 9), scored(-0.5f, 9, 8));

        assertThat(PHOTOS.place(List.of(beam), FEATURES, true).get(0))
                .extracting(Hypothesis::score)
                .containsExactly(-0.5f, -1f);
    }

    @Test
    void aCaptionThatRepeatsItselfComesAfterTheOthers() {
        List<Hypothesis> beam = List.of(scored(-0.5f, 4, 5, 4, 5), scored(-1, 6, 7), scored(-1, 4, 5));

        List<Hypothesis> placed = PHOTOS.place(List.of(beam), FEATURES, true).get(0);

        assertThat(placed).extracting(one -> one.tokens()[0]).containsExactly(4, 6, 4);
        assertThat(placed).extracting(Hypothesis::repeats).containsExactly(false, false, true);
    }

    @Test
    void withoutConsensusTheOrderOfTheSearchStays() {
        List<Hypothesis> placed = PHOTOS.place(List.of(BEAM), FEATURES, false).get(0);

        assertThat(placed).extracting(one -> one.tokens()[1]).containsExactly(7, 5, 8);
        assertThat(placed.get(1).support()).isGreaterThan(0.99);
    }

    @Test
    void withoutNeighboursThereIsNoSupport() {
        TrainingPhotos older = new TrainingPhotos(FAMILIARITY, null, null);

        List<Hypothesis> placed = older.place(List.of(BEAM), FEATURES, true).get(0);

        assertThat(placed).extracting(one -> one.tokens()[1]).containsExactly(7, 5, 8);
        assertThat(placed).extracting(Hypothesis::support).containsOnlyNulls();
        assertThat(placed).extracting(Hypothesis::likeness).containsOnlyNulls();
    }

    @Test
    void phrasesAloneGiveTheOrderAndLikenessButNoSupport() {
        TrainingPhotos photos = new TrainingPhotos(FAMILIARITY, null, PHRASES);

        List<Hypothesis> placed = photos.place(List.of(BEAM), FEATURES, true).get(0);

        assertThat(placed).extracting(Hypothesis::likeness).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(placed.get(0).likeness()).isGreaterThan(0.9);

        assertThat(placed).extracting(one -> one.tokens()[1]).containsExactly(5, 8, 7);
        assertThat(placed).extracting(Hypothesis::support).containsOnlyNulls();
        assertThat(photos.place(List.of(BEAM), FEATURES, false).get(0))
                .extracting(one -> one.tokens()[1])
                .containsExactly(7, 5, 8);
        assertThat(photos.place(List.of(BEAM), FEATURES, false).get(0).get(1).likeness())
                .isEqualTo(placed.get(0).likeness());
    }

    @Test
    void supportAndPhrasesAreAddedForTheOrder() {
        Neighbours against = Neighbours.of(new float[][] {{1, 0}, {0, 1}}, new int[][][] {{{6, 7}}, {{4, 5}}});
        TrainingPhotos photos = new TrainingPhotos(FAMILIARITY, against, PHRASES);
        List<Hypothesis> beam = List.of(scored(-1, 4, 5), scored(-0.5f, 6, 7), scored(-0.5f, 8, 9));

        // The first is all that people are likely to write, the second all that they wrote: the more probable one
        // leads.
        assertThat(photos.place(List.of(beam), FEATURES, true).get(0))
                .extracting(one -> one.tokens()[0])
                .containsExactly(6, 4, 8);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertThat(TrainingPhotos.read(bundle)).isNull();
        PHOTOS.write(bundle);

        TrainingPhotos read = Objects.requireNonNull(TrainingPhotos.read(bundle));

        assertThat(read.place(List.of(BEAM), FEATURES, true).get(0))
                .extracting(Hypothesis::support)
                .containsExactlyElementsOf(PHOTOS.place(List.of(BEAM), FEATURES, true).get(0).stream()
                        .map(Hypothesis::support)
                        .toList());
        assertThat(read.phrases()).isNull();
        new TrainingPhotos(FAMILIARITY, null, PHRASES).write(bundle);
        assertThat(Objects.requireNonNull(TrainingPhotos.read(bundle)).neighbours())
                .isNull();
        assertThat(Objects.requireNonNull(TrainingPhotos.read(bundle)).phrases())
                .isNotNull();
    }

    @Test
    void filesThatDoNotFitEachOtherAreRefused() throws IOException {
        FAMILIARITY.write(bundle);
        Neighbours.of(new float[][] {{1}}, new int[][][] {{{4}}}).write(bundle);

        assertThatExceptionOfType(BrokenBundleException.class)
                .isThrownBy(() -> TrainingPhotos.read(bundle))
                .withMessageContaining("neighbours.bin is for directions of 1 values, and familiarity.bin has 2 axes");
        Files.delete(bundle.resolve(Bundle.NEIGHBOURS));
        Phrases.of(new float[][] {{1}}, new int[][][] {{{4}}}, (x, y) -> new float[0][])
                .write(bundle);
        assertThatExceptionOfType(BrokenBundleException.class)
                .isThrownBy(() -> TrainingPhotos.read(bundle))
                .withMessageContaining("phrases.bin is for directions of 1 values, and familiarity.bin has 2 axes");
    }

    private static Hypothesis caption(int... tokens) {
        return scored(0, tokens);
    }

    private static Hypothesis scored(float score, int... tokens) {
        return new Hypothesis(tokens, new float[tokens.length], score, score, new float[0][], true);
    }
}
