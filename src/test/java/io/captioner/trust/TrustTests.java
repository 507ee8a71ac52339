package io.captioner.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.FakeCaptionModel;
import io.captioner.image.Pixels;
import io.captioner.model.Calibration;
import io.captioner.model.Calibration.Figures;
import io.captioner.model.Calibration.Input;
import io.captioner.model.Calibration.Logistic;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.text.Vocabulary;
import io.captioner.trust.Trust.Level;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrustTests {
    private static final Hypothesis RED = caption(4, 5, 8).at(new float[] {2, 9}, 0.25, 0.5);
    private static final List<Hypothesis> BEAM = List.of(RED, caption(4, 6, 8));

    @Test
    void withoutACalibrationTheConfidenceIsTheLikelihood() {
        Trust trust = Trust.of(new FakeCaptionModel("colours", true), RED, BEAM);

        assertThat(trust.calibrated()).isFalse();
        assertThat(trust.confidence()).isEqualTo(trust.likelihood()).isCloseTo(0.5, within(1e-6));
        assertThat(trust.level()).isNull();
        assertThat(trust.familiarity()).isNull();
        assertThat(trust.wordAgreement()).containsExactly(1.0, 0.5, 1.0);
        assertThat(trust.agreement()).isCloseTo(2.5 / 3, within(1e-9));
    }

    @Test
    void aCalibrationWeighsAllEvidence() {
        Calibration calibration = calibration(
                new Logistic(
                        -1,
                        Map.of(
                                Input.LEAST_AGREEMENT,
                                4.0,
                                Input.LEAST_LOG_PROBABILITY,
                                1.0,
                                Input.LOG_SUPPORT,
                                0.5,
                                Input.LOG_LIKENESS,
                                0.25),
                        Map.of("red", 0.5, "picture", 0.25, "blue", 100.0),
                        List.of(0.5, 0.1)),
                new Logistic(2, Map.of(), Map.of(), List.of()));

        Trust trust = Trust.of(new Calibrated(calibration), RED, BEAM);
        Trust single = Trust.of(new Calibrated(calibration), RED, List.of(RED));

        // The second coordinate, 9, counts as 3.
        double sum = -1
                + 4 * 0.5
                + Math.log(0.5)
                + 0.5 * Math.log(0.25)
                + 0.25 * Math.log(0.5)
                + 0.5
                + 0.25
                + 0.5 * 2
                + 0.1 * 3;
        assertThat(trust.confidence()).isCloseTo(1 / (1 + Math.exp(-sum)), within(1e-6));
        assertThat(trust.level()).isEqualTo(Level.HIGH);
        assertThat(trust.calibrated()).isTrue();
        assertThat(trust.familiarity()).isEqualTo(0.25);
        assertThat(single.confidence()).isCloseTo(1 / (1 + Math.exp(-2)), within(1e-9));
        assertThat(single.agreement()).isNull();
        assertThat(single.wordAgreement()).isEmpty();
    }

    @Test
    void theLevelsBeginAtTheirConfidence() {
        for (double confidence : new double[] {0.29, 0.3, 0.59, 0.6}) {
            Logistic constant =
                    new Logistic(Math.log(confidence / (1 - confidence)) + 1e-9, Map.of(), Map.of(), List.of());
            assertThat(Trust.of(new Calibrated(calibration(constant, constant)), RED, BEAM)
                            .level())
                    .isEqualTo(confidence < 0.3 ? Level.LOW : confidence < 0.6 ? Level.MEDIUM : Level.HIGH);
        }
    }

    private static Calibration calibration(Logistic withAgreement, Logistic without) {
        return new Calibration(
                "right", withAgreement, without, 0.3, 0.6, List.of(), new Figures(0, 0.5, 0.5, null, List.of()));
    }

    private static Hypothesis caption(int... tokens) {
        float half = (float) Math.log(0.5);
        float[] logProbabilities = new float[tokens.length];
        float[][] attention = new float[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            logProbabilities[t] = half;
            attention[t] = new float[] {0.7f, 0.1f, 0.1f, 0.1f};
        }
        return new Hypothesis(tokens, logProbabilities, half * tokens.length, half, attention, true);
    }

    /** A model with a calibration, to which every image is as familiar. */
    private record Calibrated(Calibration calibration) implements CaptionModel {
        @Override
        public Manifest manifest() {
            return new FakeCaptionModel("colours", true).manifest().with("en", calibration, Map.of());
        }

        @Override
        public Vocabulary vocabulary() {
            return new FakeCaptionModel("colours", true).vocabulary();
        }

        @Override
        public @Nullable Double familiarity(float[] position) {
            return 0.25;
        }

        @Override
        public List<List<Hypothesis>> caption(List<Pixels> batch, DecodeOptions options) {
            throw new UnsupportedOperationException("not needed");
        }

        @Override
        public List<List<Hypothesis>> score(List<Pixels> batch, List<List<int[]>> captions) {
            throw new UnsupportedOperationException("not needed");
        }

        @Override
        public void close() {}
    }
}
