package io.captioner.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RidgeRegressionTests {
    @Test
    void aLinearFunctionIsFoundWhateverItsConstants() {
        Random random = new Random(1);
        float[][] x = new float[500][3];
        float[][] y = new float[500][2];
        for (int n = 0; n < x.length; n++) {
            for (int k = 0; k < 3; k++) {
                x[n][k] = (float) (5 + random.nextGaussian());
            }
            y[n][0] = 7 + 2 * x[n][0] - x[n][2];
            y[n][1] = -3 + 0.5f * x[n][1];
        }

        float[][] slopes = RidgeRegression.slopes(x, y);

        assertThat(slopes).hasDimensions(2, 3);
        assertThat(slopes[0][0]).isCloseTo(2, within(0.01f));
        assertThat(slopes[0][1]).isCloseTo(0, within(0.01f));
        assertThat(slopes[0][2]).isCloseTo(-1, within(0.01f));
        assertThat(slopes[1][1]).isCloseTo(0.5f, within(0.01f));
    }

    @Test
    void thePenaltyShrinksSlopes() {
        // Variance 0.0001 and 0.0005 of penalty an observation: the slope is a sixth of the one without a penalty.
        float[][] slopes = RidgeRegression.slopes(new float[][] {{-0.01f}, {0.01f}}, new float[][] {{-0.01f}, {0.01f}});

        assertThat(slopes[0][0]).isCloseTo(1 / 6f, within(1e-4f));
    }

    @Test
    void nothingToExplainHasNoSlopes() {
        assertThat(RidgeRegression.slopes(new float[][] {{1}, {2}}, new float[2][0]))
                .isEmpty();
    }
}
