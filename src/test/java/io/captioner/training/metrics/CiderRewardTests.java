package io.captioner.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.text.CaptionTokenizer;
import io.captioner.training.metrics.CaptionScorer.ScoredImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CiderRewardTests {
    private static final List<List<String>> REFERENCES = List.of(
            List.of("A dog runs through the grass .", "A brown dog is running ."),
            List.of("Two men sit on a bench .", "Two people on a bench ."),
            List.of("A red ball lies in the grass .", "A ball ."));
    private static final List<String> CANDIDATES =
            List.of("a dog runs through the grass", "two men on a bench", "a dog");

    @Test
    void theRewardIsTheScoreThatTheCaptionHasAmongAll() {
        CiderReward reward = new CiderReward(REFERENCES);
        List<ScoredImage> images = new ArrayList<>();
        for (int i = 0; i < CANDIDATES.size(); i++) {
            images.add(new ScoredImage(
                    CaptionTokenizer.words(CANDIDATES.get(i)),
                    REFERENCES.get(i).stream().map(CaptionTokenizer::words).toList()));
        }
        double[] scores = CiderD.scores(images);

        for (int i = 0; i < scores.length; i++) {
            assertThat(reward.of(i, CaptionTokenizer.words(CANDIDATES.get(i)))).isEqualTo(scores[i]);
        }
        assertThat(scores[0]).isGreaterThan(scores[2]);
    }
}
