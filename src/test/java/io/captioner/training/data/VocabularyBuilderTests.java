package io.captioner.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.captioner.text.CaptionTokenizer;
import io.captioner.text.Vocabulary;
import io.captioner.training.data.CaptionDataset.LintMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VocabularyBuilderTests {
    private static final List<List<String>> CAPTIONS = List.of(
            List.of("a", "dog", "runs"),
            List.of("a", "cat", "runs"),
            List.of("a", "dog", "sleeps"),
            List.of("a", "bird"));

    @Test
    void wordsAreSortedByFallingCountAndThenAlphabetically() {
        assertThat(wordsOf(VocabularyBuilder.build(CAPTIONS, 1, 0)))
                .containsExactly("a", "dog", "runs", "bird", "cat", "sleeps");
    }

    @Test
    void aWordThatOccursExactlyTheMinimumIsKeptAndARarerOneIsNot() {
        assertThat(wordsOf(VocabularyBuilder.build(CAPTIONS, 2, 0))).containsExactly("a", "dog", "runs");
        assertThat(wordsOf(VocabularyBuilder.build(CAPTIONS, 1, 2))).containsExactly("a", "dog");
        assertThat(wordsOf(VocabularyBuilder.build(CAPTIONS, 4, 0))).containsExactly("a");
    }

    @Test
    void theOrderOfTheCaptionsDoesNotMatter() {
        List<List<String>> reversed = new ArrayList<>(CAPTIONS);
        Collections.reverse(reversed);

        assertThat(wordsOf(VocabularyBuilder.build(reversed, 1, 0)))
                .isEqualTo(wordsOf(VocabularyBuilder.build(CAPTIONS, 1, 0)));
    }

    @Test
    void aMinimumThatNoWordReachesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VocabularyBuilder.build(CAPTIONS, 5, 0))
                .withMessageContaining("lower the minimum");
    }

    @Test
    void aMinimumBelowOneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VocabularyBuilder.build(CAPTIONS, 0, 0))
                .withMessageContaining("at least 1");
    }

    @Test
    void flickr8kGivesTheVocabularyKnownForIt() throws IOException {
        Path flickr = Path.of(System.getenv().getOrDefault("CAPTIONER_SHARED", "../shared"), "data", "flickr8k");
        assumeThat(flickr).isDirectory();
        CaptionDataset dataset = FolderDataset.read(flickr, LintMode.STRICT);

        Vocabulary vocabulary = VocabularyBuilder.build(
                dataset.photos(Split.TRAIN).stream()
                        .flatMap(photo -> photo.captions().stream())
                        .map(CaptionTokenizer::words)
                        .toList(),
                5,
                0);

        assertThat(dataset.photos(Split.TRAIN)).hasSize(6090);
        assertThat(dataset.photos(Split.VALIDATION)).hasSize(1000);
        assertThat(wordsOf(vocabulary)).hasSize(2576);
        assertThat(vocabulary.word(4)).isEqualTo("a");
    }

    private static List<String> wordsOf(Vocabulary vocabulary) {
        return IntStream.range(4, vocabulary.size()).mapToObj(vocabulary::word).toList();
    }
}
