package io.captioner.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.model.Familiarity;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrainingSpaceTests {
    private static final int WIDTH = 6;

    @Test
    void theMainAxesAreThoseInWhichPhotosDiffer() {
        Familiarity familiarity = TrainingSpace.of(photos(1, 4000), photos(2, 500), 2);

        // Two standard deviations along the widest direction, (1, 1, 0, ...) / sqrt(2) with a deviation of 5.
        float[] far = familiarity.position(new float[] {7.071f, 7.071f, 0, 0, 0, 0});
        assertThat(Math.abs(far[0])).isCloseTo(2, within(0.1f));
        assertThat(Math.abs(far[1])).isLessThan(0.1f);
        double variance = 0;
        for (float[] photo : photos(3, 1000)) {
            float[] position = familiarity.position(photo);
            assertThat(position).hasSize(3);
            variance += position[2] * position[2] / 1000;
        }
        assertThat(variance).isCloseTo(1, within(0.1));
    }

    @Test
    void familiarityIsEvenlySpreadOverPhotosOfTheKindAndNearZeroForOthers() {
        Familiarity familiarity = TrainingSpace.of(photos(1, 4000), photos(2, 1000), 2);
        double mean = 0;
        for (float[] photo : photos(4, 1000)) {
            mean += familiarity.share(Familiarity.distance(familiarity.position(photo))) / 1000;
        }
        assertThat(mean).isCloseTo(0.5, within(0.05));
        assertThat(familiarity.share(Familiarity.distance(familiarity.position(new float[] {20, -20, 1, 9, 9, 9}))))
                .isLessThan(0.02);
    }

    private static float[][] photos(long seed, int count) {
        Random random = new Random(seed);
        float[][] photos = new float[count][WIDTH];
        for (float[] photo : photos) {
            double wide = 5 * random.nextGaussian() / Math.sqrt(2);
            double narrow = 2 * random.nextGaussian();
            photo[0] = (float) wide;
            photo[1] = (float) wide;
            photo[2] = (float) narrow;
            for (int d = 3; d < WIDTH; d++) {
                photo[d] = (float) (0.3 * random.nextGaussian());
            }
        }
        return photos;
    }
}
