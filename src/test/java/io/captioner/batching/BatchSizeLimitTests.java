package io.captioner.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchSizeLimitTests {
    private final BatchSizeLimit ceiling =
            new BatchSizeLimit(new BatchSettings(8, List.of(2, 4, 8), 8, Duration.ZERO, 1));

    @Test
    void aBatchIsPaddedToTheNextAllowedSize() {
        assertThat(List.of(1, 2, 3, 4, 5, 8).stream().map(ceiling::padded)).containsExactly(2, 2, 4, 4, 8, 8);
        assertThatThrownBy(() -> ceiling.padded(9)).hasMessageStartingWith("bug");
    }

    @Test
    void itNeverFallsBelowTheSmallestSizeAndNeverRisesByAFailure() {
        ceiling.lowerBelow(4);
        assertThat(ceiling.current()).isEqualTo(2);
        ceiling.lowerBelow(8);
        assertThat(ceiling.current()).isEqualTo(2);
        ceiling.lowerBelow(2);
        assertThat(ceiling.current()).isEqualTo(2);
    }

    @Test
    void itRisesByOneSizeAfterEnoughRunsAtTheCeilingWithoutAFailure() {
        ceiling.lowerBelow(4);
        for (int i = 0; i < BatchSizeLimit.PROBATION_RUNS - 1; i++) {
            ceiling.ranWell(2);
        }
        ceiling.lowerBelow(2);
        for (int i = 0; i < BatchSizeLimit.PROBATION_RUNS - 1; i++) {
            ceiling.ranWell(2);
        }
        assertThat(ceiling.current()).isEqualTo(2);
        ceiling.ranWell(2);
        assertThat(ceiling.current()).isEqualTo(4);
        for (int i = 0; i < 2 * BatchSizeLimit.PROBATION_RUNS; i++) {
            ceiling.ranWell(2);
        }
        assertThat(ceiling.current()).isEqualTo(4);
    }
}
