package io.captioner.trust;

import io.captioner.model.Calibration;
import io.captioner.model.CaptionModel;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far one caption can be trusted.
 *
 * @param confidence probability that the caption is right, 0 to 1; the likelihood if the bundle is not calibrated
 * @param calibrated whether the confidence is calibrated
 * @param level null if the bundle is not calibrated
 * @param likelihood geometric mean of the word probabilities, 0 to 1
 * @param agreement mean share of the search's captions that keep a word; null if the search found one caption
 * @param wordAgreement the same of each word; empty if the search found one caption
 * @param familiarity share of photos of the training's kind that lie at least as far from the training photos, 0 to 1;
 *     null if the bundle does not tell
 */
public record Trust(
        double confidence,
        boolean calibrated,
        @Nullable Level level,
        double likelihood,
        @Nullable Double agreement,
        List<Double> wordAgreement,
        @Nullable Double familiarity) {

    /** Confidence in words. */
    public enum Level {
        /** The caption is probably wrong. */
        LOW,
        /** It may be wrong. */
        MEDIUM,
        /** It is probably right. */
        HIGH
    }

    /**
     * Assesses a caption with at least one word.
     *
     * @param caption of the model
     * @param all captions of its image, the given one among them
     */
    public static Trust of(CaptionModel model, Hypothesis caption, List<Hypothesis> all) {
        Manifest manifest = model.manifest();
        Evidence evidence = Evidence.of(caption, all, model);
        Agreement agreement = evidence.agreement();
        Calibration calibration = manifest.calibration();
        double likelihood = caption.confidence();
        double confidence = likelihood;
        if (calibration != null) {
            confidence = (agreement == null ? calibration.withoutAgreement() : calibration.withAgreement())
                    .of(evidence.inputs(), evidence.words(), evidence.position());
        }
        return new Trust(
                confidence,
                calibration != null,
                calibration == null ? null : level(confidence, calibration),
                likelihood,
                agreement == null ? null : agreement.mean(),
                agreement == null
                        ? List.of()
                        : Arrays.stream(agreement.words()).boxed().toList(),
                model.familiarity(evidence.position()));
    }

    private static Level level(double confidence, Calibration calibration) {
        if (confidence >= calibration.highFrom()) {
            return Level.HIGH;
        }
        return confidence >= calibration.mediumFrom() ? Level.MEDIUM : Level.LOW;
    }
}
