package io.captioner.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.captioner.training.metrics.Validation.AttentionHealth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionHealthTests {
    @Test
    void uniformMapsHaveEntropyOneAndNeverMove() {
        float[] uniform = {0.25f, 0.25f, 0.25f, 0.25f};

        AttentionHealth health = measure(new float[][] {uniform, uniform, uniform});

        assertThat(health.meanEntropy()).isCloseTo(1, within(1e-9));
        assertThat(health.meanChange()).isZero();
    }

    @Test
    void mapsOfOneCellHaveEntropyZeroAndMoveWholly() {
        AttentionHealth health = measure(new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});

        assertThat(health.meanEntropy()).isZero();
        assertThat(health.meanChange()).isEqualTo(1);
    }

    @Test
    void theMeansAreOverWordsAndOverSuccessivePairsWithinACaption() {
        AttentionHealth health =
                measure(new float[][] {{1, 0}, {0.5f, 0.5f}}, new float[][] {{0, 1}}, new float[][] {{0, 1}, {0, 1}});

        assertThat(health.meanEntropy()).isCloseTo(1 / 5.0, within(1e-9));
        assertThat(health.meanChange()).isCloseTo(0.25, within(1e-9));
    }

    @Test
    void mapsAreScaledToTheSumOne() {
        AttentionHealth health = measure(new float[][] {{2, 2}, {3, 0}});

        assertThat(health.meanEntropy()).isCloseTo(0.5, within(1e-9));
        assertThat(health.meanChange()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void captionsOfOneWordHaveNoChange() {
        assertThat(measure(new float[][] {{1, 0}}).meanChange()).isZero();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, -0.1f, Float.POSITIVE_INFINITY})
    void impossibleWeightsAreRefused(float weight) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> measure(new float[][] {{1, weight}}))
                .withMessageContaining("finite and not negative");
    }

    @Test
    void mapsThatAreNoneAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> measure());
        assertThatIllegalArgumentException().isThrownBy(() -> measure(new float[][] {{1}}));
        assertThatIllegalArgumentException().isThrownBy(() -> measure(new float[][] {{0, 0}}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> measure(new float[][] {{1, 0}, {1, 0, 0}}))
                .withMessageContaining("equally many cells");
    }

    private static AttentionHealth measure(float[][]... captions) {
        return AttentionHealth.of(List.of(captions));
    }
}
