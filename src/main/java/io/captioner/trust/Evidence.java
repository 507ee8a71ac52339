package io.captioner.trust;

import io.captioner.attention.AttentionGrid;
import io.captioner.attention.AttentionSummary;
import io.captioner.model.Calibration.Input;
import io.captioner.model.CaptionModel;
import io.captioner.model.Familiarity;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a caption, by which its confidence is computed.
 *
 * @param inputs as numbers; without agreement, that is absent
 * @param words different words of the caption, ascending
 * @param position of the image, see {@link Familiarity#position}; [0] if it is not known
 * @param agreement null if the search found one caption
 */
@SuppressWarnings("ArrayRecordComponent") // straight from the hypothesis, never changed
public record Evidence(
        Map<Input, Double> inputs,
        List<String> words,
        float[] position,
        @Nullable Agreement agreement) {
    /** Keeps logarithms of probabilities that are 0 in single precision finite. */
    private static final double LEAST_LOG = -20;

    private static final double LEAST_VALUE = 1e-3; // of a logarithm

    /**
     * Gathers the evidence about a caption with at least one word.
     *
     * @param all captions of its image, the given one among them
     * @param model that wrote it
     */
    public static Evidence of(Hypothesis caption, List<Hypothesis> all, CaptionModel model) {
        Manifest.Grid grid = model.manifest().attentionGrid();
        Map<Input, Double> inputs = new EnumMap<>(Input.class);
        double sum = 0;
        double least = 0;
        for (float logProbability : caption.logProbabilities()) {
            double bounded = Math.max(LEAST_LOG, logProbability);
            sum += bounded;
            least = Math.min(least, bounded);
        }
        int words = caption.tokens().length;
        inputs.put(Input.MEAN_LOG_PROBABILITY, sum / words);
        inputs.put(Input.LEAST_LOG_PROBABILITY, least);
        inputs.put(Input.LOG_WORDS, Math.log(words));
        Agreement agreement = Agreement.of(caption, all);
        if (agreement != null) {
            inputs.put(Input.AGREEMENT, agreement.mean());
            inputs.put(Input.LEAST_AGREEMENT, agreement.least());
        }
        if (grid != null) {
            inputs.put(Input.ATTENTION_ENTROPY, entropy(caption, grid));
        }
        float[] position = caption.position();
        if (position.length > 0) {
            inputs.put(Input.LOG_DISTANCE, logarithm(Familiarity.distance(position)));
        }
        Double support = caption.support();
        if (support != null) {
            inputs.put(Input.LOG_SUPPORT, logarithm(support));
        }
        Double likeness = caption.likeness();
        if (likeness != null) {
            inputs.put(Input.LOG_LIKENESS, logarithm(likeness));
        }
        return new Evidence(
                inputs,
                model.vocabulary().words(caption.tokens()).stream()
                        .distinct()
                        .sorted()
                        .toList(),
                position,
                agreement);
    }

    private static double logarithm(double value) {
        return Math.log(Math.max(LEAST_VALUE, value));
    }

    /** Returns the mean over the words of the entropy of their attention over ln(cells), 0 to 1. */
    public static double entropy(Hypothesis caption, Manifest.Grid grid) {
        return Arrays.stream(caption.attention())
                .mapToDouble(
                        weights -> AttentionSummary.entropy(new AttentionGrid(weights, grid.rows(), grid.columns())))
                .average()
                .orElse(0);
    }
}
