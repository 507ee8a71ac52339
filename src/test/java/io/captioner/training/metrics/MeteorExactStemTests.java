package io.captioner.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.training.metrics.CaptionScorer.ScoredImage;
import io.captioner.training.metrics.MeteorExactStem.WordAlignment;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class MeteorExactStemTests {
    private record Image(double score, List<String> candidate, List<List<String>> references) {}

    private record MeteorSet(String about, double score, List<Image> images) {}

    @Test
    void theScoreOfEveryCaptionIsThatOfMeteor() throws IOException {
        for (Image image : meteorSet().images()) {
            assertThat(MeteorExactStem.score(List.of(new ScoredImage(image.candidate(), image.references()))))
                    .as("%s", image.candidate())
                    .isCloseTo(image.score(), within(1e-9));
        }
    }

    @Test
    void theScoreOfTheWholeSetIsThatOfMeteor() throws IOException {
        MeteorSet set = meteorSet();
        List<ScoredImage> images = set.images().stream()
                .map(image -> new ScoredImage(image.candidate(), image.references()))
                .toList();

        assertThat(images).hasSizeGreaterThan(60);
        assertThat(MeteorExactStem.score(images)).isCloseTo(set.score(), within(1e-9));
    }

    @Test
    void aCaptionEqualToItsReferenceScoresOne() {
        assertThat(score("a dog runs", "a dog runs")).isCloseTo(1, within(1e-12));
    }

    @Test
    void aWordOfTheSameStemCountsForSixTenths() {
        assertThat(WordAlignment.of(words("two dogs running"), words("two dog runs")))
                .isEqualTo(new WordAlignment(1, 2, 1));
        assertThat(score("dogs", "dog")).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void ofTwoEqualWordsTheOneInTheLongerRunIsMatched() {
        assertThat(WordAlignment.of(words("the cat and the dog"), words("the dog"))
                        .chunks())
                .isEqualTo(1);
    }

    @Test
    void captionsWithoutACommonWordScoreZero() {
        assertThat(score("a dog", "two cats sleep")).isZero();
        assertThat(score("", "two cats sleep")).isZero();
    }

    private static double score(String candidate, String reference) {
        return MeteorExactStem.score(List.of(new ScoredImage(words(candidate), List.of(words(reference)))));
    }

    private static List<String> words(String caption) {
        return Arrays.stream(caption.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    private static MeteorSet meteorSet() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(MeteorExactStemTests.class.getResourceAsStream("meteor-exact-stem.json"))) {
            return JsonMapper.shared().readValue(file, MeteorSet.class);
        }
    }
}
