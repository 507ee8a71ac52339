package io.captioner.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.training.run.CrossEntropy.LearningRateSchedule;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTests {
    private final LearningRateSchedule schedule = new LearningRateSchedule(1e-3, 100, 1000, 0.02);

    @Test
    void theRateRisesLinearlyToItsPeak() {
        assertThat(schedule.at(1)).isCloseTo(1e-5f, within(1e-7f));
        assertThat(schedule.at(50)).isCloseTo(4.97e-4f, within(5e-6f));
        assertThat(schedule.at(100)).isCloseTo(9.76e-4f, within(5e-6f));
    }

    @Test
    void theRateFallsAsHalfACosineToItsFloor() {
        assertThat(schedule.at(501)).isCloseTo(5.1e-4f, within(1e-6f));
        assertThat(schedule.at(1001)).isCloseTo(2e-5f, within(1e-7f));
        assertThat(schedule.at(5000)).isCloseTo(2e-5f, within(1e-7f));
    }

    @Test
    void aScheduleWithoutWarmUpStartsAtItsPeak() {
        assertThat(new LearningRateSchedule(1e-3, 0, 1000, 0).at(1)).isEqualTo(1e-3f);
    }
}
