package io.captioner.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.Split;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingDataTests {
    private static final List<CaptionedPhoto> PHOTOS = List.of(
            photo("A dog runs through the grass .", "A dog runs on the grass .", "What a day !"),
            photo("Two men sit on a bench .", "It rains ."),
            photo("A red ball ."));

    @Test
    void captionsCountAlikeWithoutConsensus() {
        assertThat(TrainingData.weights(PHOTOS, 0)).containsExactly(List.of(1f, 1f, 1f), List.of(1f, 1f), List.of(1f));
    }

    @Test
    void aCaptionCountsAsMuchAsItAgreesWithThePhotosOthers() {
        List<List<Float>> weights = TrainingData.weights(PHOTOS, 1);

        assertThat(weights.get(0).get(0)).isGreaterThan(1);
        assertThat(weights.get(0).get(2)).isBetween(0f, 0.5f);
        assertThat(weights.get(0).stream().mapToDouble(Float::doubleValue).sum())
                .isCloseTo(3, within(1e-5));
        assertThat(weights.get(1)).as("captions that share no word").allMatch(weight -> weight >= 0);
        assertThat(weights.get(2)).as("a single caption").containsExactly(1f);
    }

    @Test
    void halfOfTheConsensusIsHalfWayToEqualWeights() {
        List<Float> all = TrainingData.weights(PHOTOS, 1).get(0);
        List<Float> half = TrainingData.weights(PHOTOS, 0.5f).get(0);

        for (int i = 0; i < all.size(); i++) {
            assertThat(half.get(i)).isCloseTo((1 + all.get(i)) / 2, within(1e-6f));
        }
    }

    private static CaptionedPhoto photo(String... captions) {
        return new CaptionedPhoto("photo.jpg", Path.of("photo.jpg"), Split.TRAIN, List.of(captions));
    }
}
