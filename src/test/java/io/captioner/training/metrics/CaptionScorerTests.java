package io.captioner.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.captioner.training.metrics.CaptionScorer.CaptionScores;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CaptionScorerTests {
    private record Image(String image, String candidate, List<String> references) {}

    private record ScoredSet(String about, Map<String, Double> scores, List<Image> images) {}

    @Test
    void everyScoreEqualsThatOfCocoCaption() throws IOException {
        ScoredSet set = cocoCaptionSet();

        Map<String, Double> scores = score(set.images()).asMap();

        assertThat(set.images()).hasSize(60);
        assertThat(scores).containsKeys(set.scores().keySet().toArray(String[]::new));
        set.scores()
                .forEach((name, expected) ->
                        assertThat(scores.get(name)).as(name).isCloseTo(expected, within(5e-6)));
    }

    @Test
    void theOrderOfTheImagesDoesNotMatter() throws IOException {
        List<Image> images = new ArrayList<>(cocoCaptionSet().images());
        CaptionScores inOrder = score(images);
        Collections.reverse(images);

        assertThat(score(images).ciderD()).isCloseTo(inOrder.ciderD(), within(1e-12));
        assertThat(score(images).bleu4()).isCloseTo(inOrder.bleu4(), within(1e-12));
    }

    @Test
    void aSingleImageAlwaysHasCiderDZero() {
        CaptionScores scores = CaptionScorer.score(
                Map.of("a.jpg", "a dog runs on the beach"), Map.of("a.jpg", List.of("A dog runs on the beach .")));

        assertThat(scores.ciderD()).isZero();
        assertThat(scores.bleu4()).isCloseTo(1, within(1e-6));
        assertThat(scores.rougeL()).isCloseTo(1, within(1e-12));
    }

    @Test
    void captionsEqualToTheirOnlyReferenceHaveTheBestScores() {
        CaptionScores scores = CaptionScorer.score(
                Map.of("a.jpg", "A dog runs fast .", "b.jpg", "two cats sleep here"),
                Map.of("a.jpg", List.of("a dog runs fast"), "b.jpg", List.of("Two cats sleep here.")));

        assertThat(scores.ciderD()).isCloseTo(10, within(1e-9));
        assertThat(scores.bleu4()).isCloseTo(1, within(1e-6));
    }

    @Test
    void theClosestReferenceLengthIsTheShorterOneOnATie() {
        CaptionScores scores = CaptionScorer.score(
                Map.of("a.jpg", "one two three four"),
                Map.of("a.jpg", List.of("one two three four five six", "one two")));

        assertThat(scores.bleu1()).isCloseTo(1, within(1e-6));
    }

    @Test
    void aShortCaptionPaysTheBrevityPenalty() {
        CaptionScores scores = CaptionScorer.score(
                Map.of("a.jpg", "one two three four"), Map.of("a.jpg", List.of("one two three four five six")));

        assertThat(scores.bleu1()).isCloseTo(Math.exp(1 - 6 / 4.0), within(1e-6));
    }

    @Test
    void aRepeatedWordCountsNoOftenerThanInOneReference() {
        CaptionScores scores = CaptionScorer.score(
                Map.of("a.jpg", "the the the the"), Map.of("a.jpg", List.of("the cat the mat", "the dog sat down")));

        assertThat(scores.bleu1()).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void blankCaptionsScoreZero() {
        CaptionScores scores = CaptionScorer.score(
                Map.of("a.jpg", " ", "b.jpg", "."),
                Map.of("a.jpg", List.of("a dog runs"), "b.jpg", List.of("two cats sleep")));

        assertThat(scores.asMap().values())
                .allSatisfy(score -> assertThat(score).isCloseTo(0, within(1e-9)));
    }

    @Test
    void differentImagesAreRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CaptionScorer.score(
                        Map.of("a.jpg", "a dog", "b.jpg", "a cat", "c.jpg", "a bird"),
                        Map.of("a.jpg", List.of("a dog"), "c.jpg", List.of(), "d.jpg", List.of("a fish"))))
                .withMessageContaining("without references: [b.jpg, c.jpg]")
                .withMessageContaining("without candidate: [d.jpg]");
    }

    @Test
    void nothingToScoreIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CaptionScorer.score(Map.of(), Map.of()));
    }

    private static CaptionScores score(List<Image> images) {
        Map<String, String> candidates = new LinkedHashMap<>();
        Map<String, List<String>> references = new HashMap<>();
        for (Image image : images) {
            candidates.put(image.image(), image.candidate());
            references.put(image.image(), image.references());
        }
        return CaptionScorer.score(candidates, references);
    }

    private static ScoredSet cocoCaptionSet() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(CaptionScorerTests.class.getResourceAsStream("coco-caption.json"))) {
            return JsonMapper.shared().readValue(file, ScoredSet.class);
        }
    }
}
