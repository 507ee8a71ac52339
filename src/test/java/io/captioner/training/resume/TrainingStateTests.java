package io.captioner.training.resume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TrainingStateTests {
    private static final TrainingState FIRST =
            TrainingState.initial("run").atStep(10).afterEpoch(0.5, List.of(0.2, 0.4));

    @Test
    void ofEqualScoresTheOtherScoresDecideAndThenTheEarlierEpoch() {
        TrainingState better = FIRST.atStep(20).afterEpoch(0.5, List.of(0.2, 0.5));
        assertThat(better.best().step()).isEqualTo(20);
        assertThat(better.epochsWithoutGain()).isZero();

        TrainingState same = FIRST.atStep(20).afterEpoch(0.5, List.of(0.2, 0.4));
        assertThat(same.best().step()).isEqualTo(10);
        assertThat(same.epochsWithoutGain()).isEqualTo(1);

        TrainingState worse = FIRST.atStep(20).afterEpoch(0.4, List.of(0.9, 0.9));
        assertThat(worse.best().step()).isEqualTo(10);
    }

    @Test
    void theBestOfACheckpointWithoutThemIsRead() {
        TrainingState.Best best = JsonMapper.shared()
                .readValue("{\"step\": 7, \"score\": 0.5, \"tuned\": false}", TrainingState.Best.class);

        assertThat(best).isEqualTo(new TrainingState.Best(7, 0.5, List.of(), false));
    }
}
