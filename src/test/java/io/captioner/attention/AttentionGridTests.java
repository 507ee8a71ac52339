package io.captioner.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class AttentionGridTests {
    @Test
    void whatIsNoAttentionIsABug() {
        for (float[] weights : List.of(
                new float[] {1, 0, 0},
                new float[] {0, 0, 0, 0},
                new float[] {1, 0, 0, -0.1f},
                new float[] {1, 0, 0, Float.NaN},
                new float[] {1, 0, 0, Float.POSITIVE_INFINITY})) {
            assertThatThrownBy(() -> new AttentionGrid(weights, 2, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("bug");
        }
        assertThatThrownBy(() -> new AttentionGrid(new float[0], 0, 4)).hasMessageStartingWith("bug");
    }

    @Test
    void theFirstOfEquallyHeavyCellsIsTheHeaviest() {
        assertThat(new AttentionGrid(new float[] {0.1f, 0.4f, 0.4f, 0.1f}, 2, 2).heaviest())
                .isEqualTo(1);
    }
}
