package io.captioner.training.calibration;

import io.captioner.model.Calibration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of a calibration as lines of text; what counts as right is said with them. */
public final class CalibrationReport {
    private CalibrationReport() {}

    /** Returns the figures, a line for each kind. */
    public static List<String> lines(Calibration calibration) {
        List<String> lines = new ArrayList<>();
        Calibration.Figures figures = calibration.figures();
        lines.add("right means: " + calibration.right());
        for (Calibration.DataSet data : calibration.data()) {
            Double familiarity = data.familiarity();
            lines.add(format(
                    "%s: %d photos, %.3f right, mean confidence %.3f, likelihood %.3f, familiarity %s",
                    data.name(),
                    data.photos(),
                    data.right(),
                    data.confidence(),
                    data.likelihood(),
                    familiarity == null ? "unknown" : format("%.3f", familiarity)));
        }
        lines.add(format(
                "cross-fitted: ECE %.4f (10 bins), AUC for right %.4f (of the likelihood alone %.4f)",
                figures.ece(), figures.auc(), figures.likelihoodAuc()));
        Double between = figures.betweenData();
        if (between != null) {
            lines.add(format(
                    "AUC of confidence between %s and the other data: %.4f",
                    calibration.data().get(0).name(), between));
        }
        for (Calibration.Risk risk : figures.riskCoverage()) {
            lines.add(format(
                    "%3.0f %% most confident captions, confidence from %.3f: %.1f %% wrong",
                    100 * risk.coverage(), risk.minConfidence(), 100 * risk.wrong()));
        }
        return lines;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
