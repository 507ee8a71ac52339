package io.captioner.training.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.Split;
import io.captioner.training.explore.CaptionStatistics.WordStatistics;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptionStatisticsTests {
    private final CaptionStatistics statistics = CaptionStatistics.of(List.of(
            photo("a.jpg", Split.TRAIN, "A dog runs .", "A dog"),
            photo("b.jpg", Split.TRAIN, "The dog sits on a hill ."),
            photo("c.jpg", Split.VALIDATION, "A cat sleeps .")));

    @Test
    void eachSplitHasItsCounts() {
        assertThat(statistics.splits())
                .containsExactly(
                        entry(Split.TRAIN, new CaptionStatistics.SplitCounts(2, 3, 11, 6)),
                        entry(Split.VALIDATION, new CaptionStatistics.SplitCounts(1, 1, 3, 3)));
        assertThat(statistics.photos()).isEqualTo(3);
        assertThat(statistics.captions()).isEqualTo(4);
        assertThat(statistics.captionsPerPhoto()).containsExactly(entry(1, 2), entry(2, 1));
    }

    @Test
    void lengthsAreInWordsWithoutPunctuation() {
        assertThat(statistics.lengths()).containsExactly(entry(2, 1), entry(3, 2), entry(6, 1));
        assertThat(statistics.shareOfLength(2)).isEqualTo(0.25);
        assertThat(statistics.shareOfLength(5)).isEqualTo(0.75);
        assertThat(statistics.shareOfLength(6)).isEqualTo(1);
    }

    @Test
    void wordsAreCountedInTheTrainingCaptionsOnly() {
        WordStatistics words = statistics.words();

        assertThat(words.words()).isEqualTo(11);
        assertThat(words.distinct()).isEqualTo(7);
        assertThat(words.top(3))
                .containsExactly(
                        new WordStatistics.Frequency("a", 3, 3 / 11.0),
                        new WordStatistics.Frequency("dog", 3, 3 / 11.0),
                        new WordStatistics.Frequency("hill", 1, 1 / 11.0));
    }

    @Test
    void aMinimumCountKeepsFrequentWordsAndTheCaptionsMadeOfThem() {
        WordStatistics.Cut cut = statistics.words().cut(2);

        assertThat(cut.words()).isEqualTo(2);
        assertThat(cut.coverage()).isCloseTo(6 / 11.0, within(1e-12));
        assertThat(cut.whole()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(statistics.words().cut(1)).isEqualTo(new WordStatistics.Cut(1, 7, 1, 1));
        assertThat(statistics.words().cut(4)).isEqualTo(new WordStatistics.Cut(4, 0, 0, 0));
    }

    @Test
    void aDataSetWithoutTrainingPhotosHasItsOwnWords() {
        CaptionStatistics test = CaptionStatistics.of(List.of(photo("a.jpg", Split.TEST, "A dog")));

        assertThat(test.words().distinct()).isEqualTo(2);
    }

    @Test
    void ofNothingThereAreNoFigures() {
        CaptionStatistics nothing = CaptionStatistics.of(List.of());

        assertThat(nothing.captions()).isZero();
        assertThat(nothing.shareOfLength(9)).isZero();
        assertThat(nothing.words().cut(1)).isEqualTo(new WordStatistics.Cut(1, 0, 0, 0));
    }

    private static CaptionedPhoto photo(String image, Split split, String... captions) {
        return new CaptionedPhoto(image, Path.of(image), split, List.of(captions));
    }
}
