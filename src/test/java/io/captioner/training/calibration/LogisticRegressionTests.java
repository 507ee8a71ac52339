package io.captioner.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticRegressionTests {
    @Test
    void theWeightsOfTheProbabilitiesAreFound() {
        Random random = new Random(5);
        double[][] rows = new double[20_000][];
        boolean[] positive = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[] {random.nextGaussian() * 3 + 10, random.nextGaussian()};
            double p = 1 / (1 + Math.exp(-(0.4 * (rows[i][0] - 10) - 1.5 * rows[i][1] + 0.3)));
            positive[i] = random.nextDouble() < p;
        }

        LogisticRegression fitted =
                LogisticRegression.fit(rows, positive, ones(rows.length), new double[] {1e-3, 1e-3});

        assertThat(fitted.weights()[0]).isCloseTo(0.4, within(0.03));
        assertThat(fitted.weights()[1]).isCloseTo(-1.5, within(0.06));
        assertThat(fitted.of(new double[] {10, 0})).isCloseTo(1 / (1 + Math.exp(-0.3)), within(0.02));
    }

    @Test
    void theMeanProbabilityIsTheShareOfThePositive() {
        double[][] rows = {{1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}};
        boolean[] positive = {false, false, true, false, true};

        LogisticRegression fitted = LogisticRegression.fit(rows, positive, ones(5), new double[] {1, 1});

        assertThat(Arrays.stream(rows).mapToDouble(fitted::of).average().orElse(0))
                .isCloseTo(0.4, within(1e-6));
        assertThat(fitted.weights()[0]).isPositive();
        assertThat(fitted.weights()[1]).isZero();
    }

    @Test
    void aRowOfTwiceTheWeightCountsTwice() {
        double[][] rows = {{0}, {1}, {1}};
        LogisticRegression weighted = LogisticRegression.fit(
                new double[][] {{0}, {1}, {1}, {1}}, new boolean[] {false, true, true, false}, ones(4), new double[] {
                    1e-6
                });
        LogisticRegression twice = LogisticRegression.fit(
                rows, new boolean[] {false, true, false}, new double[] {1, 2, 1}, new double[] {1e-6});

        assertThat(twice.of(new double[] {1})).isCloseTo(weighted.of(new double[] {1}), within(1e-3));
    }

    @Test
    void rowsOfOneKindGiveFiniteWeights() {
        LogisticRegression fitted =
                LogisticRegression.fit(new double[][] {{1}, {2}}, new boolean[2], ones(2), new double[] {1});

        assertThat(fitted.of(new double[] {1})).isBetween(0.0, 0.1);
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
