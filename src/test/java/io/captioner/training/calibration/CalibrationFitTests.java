package io.captioner.training.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.model.Calibration;
import io.captioner.model.Calibration.Input;
import io.captioner.trust.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationFitTests {
    @Test
    void theCalibrationErrorIsTheDifferenceInEachBin() {
        assertThat(CalibrationFit.ece(new double[] {0.81, 0.89, 0.15, 0.05}, new boolean[] {true, false, false, false}))
                .isCloseTo((Math.abs(1.7 - 1) + 0.15 + 0.05) / 4, within(1e-9));
        assertThat(CalibrationFit.ece(new double[] {1, 0}, new boolean[] {true, false}))
                .isZero();
    }

    @Test
    void theAucCountsPairsAndHalvesTies() {
        assertThat(CalibrationFit.auc(new double[] {1, 2, 3, 4}, new boolean[] {false, true, false, true}))
                .isCloseTo(0.75, within(1e-9));
        assertThat(CalibrationFit.auc(new double[] {1, 1}, new boolean[] {true, false}))
                .isCloseTo(0.5, within(1e-9));
        assertThat(CalibrationFit.auc(new double[] {1}, new boolean[] {true})).isNaN();
    }

    @Test
    void whatIsFittedTellsRightFromWrongOnCaptionsItDidNotSee() {
        List<JudgedCaption> captions = captions();
        CalibrationFit fit = new CalibrationFit(captions, 1, true);

        double[] confidence = fit.crossFitted(1);
        Calibration.Figures figures = CalibrationFit.figures(captions, confidence);

        assertThat(figures.auc()).isGreaterThan(0.8).isGreaterThan(figures.likelihoodAuc());
        assertThat(figures.ece()).isLessThan(0.05);
        assertThat(figures.betweenData()).isGreaterThan(0.6);
        assertThat(figures.riskCoverage()).hasSize(10);
        assertThat(figures.riskCoverage().get(0).wrong())
                .isLessThan(figures.riskCoverage().get(9).wrong());
        assertThat(figures.riskCoverage().get(9).wrong())
                .isCloseTo(
                        captions.stream().filter(caption -> !caption.right()).count() / (double) captions.size(),
                        within(1e-9));
        assertThat(fit.crossFitted(1)).containsExactly(confidence);
        Calibration.Logistic fitted = fit.fit();
        assertThat(fitted.words().get("dog")).isPositive();
        assertThat(fitted.words()).doesNotContainKey("rare");
        assertThat(new CalibrationFit(captions, 1, false).fit().weights())
                .doesNotContainKeys(Input.AGREEMENT, Input.LEAST_AGREEMENT);
    }

    @Test
    void cautionLowersTheConfidenceInPhotosOfOtherKinds() {
        List<JudgedCaption> captions = captions();
        double[] even = new CalibrationFit(captions, 1, true).crossFitted(1);
        double[] careful = new CalibrationFit(captions, 4, true).crossFitted(1);

        assertThat(CalibrationFit.mean(captions, careful, 1)).isLessThan(CalibrationFit.mean(captions, even, 1) - 0.05);
        assertThat(CalibrationFit.mean(captions, careful, 0))
                .isCloseTo(CalibrationFit.mean(captions, even, 0), within(0.15));
    }

    /** Captions with dogs, agreement and a small distance are right more often. */
    private static List<JudgedCaption> captions() {
        Random random = new Random(11);
        List<JudgedCaption> captions = new ArrayList<>();
        for (int i = 0; i < 6000; i++) {
            int dataSet = i % 4 == 0 ? 1 : 0;
            boolean dog = random.nextBoolean();
            double agreement = random.nextDouble();
            double probability = -random.nextDouble();
            double place = random.nextGaussian() + 3 * dataSet - 1;
            double logit = (dog ? 1.5 : -1.5) + 6 * (agreement - 0.5) + 1.5 * (probability + 0.5) - 2.5 * dataSet;
            boolean right = random.nextDouble() < 1 / (1 + Math.exp(-logit));
            List<String> words = i == 7 ? List.of("rare") : dog ? List.of("a", "dog") : List.of("a", "cat");
            captions.add(new JudgedCaption(
                    new Evidence(
                            Map.of(
                                    Input.MEAN_LOG_PROBABILITY,
                                    probability,
                                    Input.AGREEMENT,
                                    agreement,
                                    Input.LOG_DISTANCE,
                                    place),
                            words,
                            new float[0],
                            null),
                    dataSet,
                    right ? 1 : 0,
                    right,
                    Math.exp(probability),
                    Double.NaN));
        }
        return captions;
    }
}
