package io.captioner.caption;

import io.captioner.attention.AttentionGrid;
import io.captioner.attention.AttentionSummary;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.text.Repetition;
import io.captioner.text.Vocabulary;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a caption tells of the health of its model, without a person who looks.
 *
 * @param words how many words it has, at least 1
 * @param unknownWords how many of them stand for a word that is not in the vocabulary
 * @param truncated whether it was cut at the maximum length
 * @param repeats whether a run of its words is followed at once by itself
 * @param confidence geometric mean of the word probabilities, 0 to 1
 * @param attentionEntropy mean over the words of the entropy of their attention over ln(cells), 0 to 1; null for a
 *     model without attention
 */
public record CaptionQualityStats(
        int words,
        int unknownWords,
        boolean truncated,
        boolean repeats,
        double confidence,
        @Nullable Double attentionEntropy) {

    /** Returns the facts of a caption with at least one word. */
    static CaptionQualityStats of(Hypothesis caption, Manifest.@Nullable Grid shape) {
        int[] tokens = caption.tokens();
        return new CaptionQualityStats(
                tokens.length,
                (int) Arrays.stream(tokens)
                        .filter(token -> token == Vocabulary.UNKNOWN)
                        .count(),
                !caption.finished(),
                Repetition.isIn(Arrays.stream(tokens).boxed().collect(Collectors.toList())),
                confidence(caption),
                shape == null ? null : meanEntropy(caption, shape));
    }

    /** Returns the geometric mean of the word probabilities. */
    static double confidence(Hypothesis caption) {
        double sum = 0;
        for (float logProbability : caption.logProbabilities()) {
            sum += logProbability;
        }
        return Math.exp(sum / caption.logProbabilities().length);
    }

    private static double meanEntropy(Hypothesis caption, Manifest.Grid shape) {
        return Arrays.stream(caption.attention())
                .mapToDouble(
                        weights -> AttentionSummary.entropy(new AttentionGrid(weights, shape.rows(), shape.columns())))
                .average()
                .orElse(0);
    }
}
