package io.captioner.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.text.CaptionTokenizer;
import io.captioner.training.metrics.CaptionScorer.ScoredImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptionRewardTests {
    private static final List<List<String>> REFERENCES = List.of(
            List.of("A dog runs through the grass .", "A brown dog is running ."),
            List.of("Two men sit on a bench .", "Two people on a bench ."),
            List.of("A red ball lies in the grass .", "A ball ."));
    private static final List<String> CANDIDATES =
            List.of("a dog runs through the grass", "two men on a bench", "a dog");

    @Test
    void theRewardIsTheScoreThatTheCaptionHasAmongAllWithTheEndAsAWord() {
        CaptionReward reward = new CaptionReward(REFERENCES, 0);
        List<ScoredImage> images = new ArrayList<>();
        for (int i = 0; i < CANDIDATES.size(); i++) {
            images.add(new ScoredImage(
                    ended(CANDIDATES.get(i)),
                    REFERENCES.get(i).stream().map(CaptionRewardTests::ended).toList()));
        }
        double[] scores = CiderD.scores(images);

        for (int i = 0; i < scores.length; i++) {
            assertThat(reward.of(i, CaptionTokenizer.words(CANDIDATES.get(i)))).isEqualTo(scores[i]);
        }
        assertThat(scores[0]).isGreaterThan(scores[2]);
    }

    @Test
    void aCaptionThatStopsInAPhraseIsWorthLess() {
        CaptionReward reward = new CaptionReward(REFERENCES, 0);

        assertThat(reward.of(1, CaptionTokenizer.words("two people on a bench on a")))
                .isLessThan(0.9 * reward.of(1, CaptionTokenizer.words("two people on a bench")));
    }

    @Test
    void bleu4IsAddedByItsWeight() {
        List<String> words = CaptionTokenizer.words("A dog runs through the grass .");
        double cider = new CaptionReward(REFERENCES, 0).of(0, words);

        assertThat(new CaptionReward(REFERENCES, 0.5).of(0, words)).isCloseTo(cider + 0.5, within(1e-6));
    }

    @Test
    void agreementIsTheScoreOfACaptionAgainstThePhotosOthers() {
        List<List<String>> captions = List.of(
                List.of("A dog runs through the grass .", "A dog runs on the grass .", "What a day !"),
                List.of("Two men sit on a bench ."));
        CaptionReward reward = new CaptionReward(captions, 0);
        CiderD cider = new CiderD(captions.stream()
                .map(ofPhoto -> new ScoredImage(
                        List.of(),
                        ofPhoto.stream().map(CaptionRewardTests::ended).toList()))
                .toList());

        List<Double> agreement = reward.agreement(0);

        assertThat(agreement.get(1))
                .isEqualTo(cider.score(new ScoredImage(
                        ended("A dog runs on the grass ."),
                        List.of(ended("A dog runs through the grass ."), ended("What a day !")))));
        assertThat(agreement.get(2)).isLessThan(0.3 * agreement.get(1));
        assertThat(reward.agreement(1)).containsExactly(0.0);
    }

    private static List<String> ended(String caption) {
        List<String> words = new ArrayList<>(CaptionTokenizer.words(caption));
        words.add("</s>");
        return words;
    }
}
