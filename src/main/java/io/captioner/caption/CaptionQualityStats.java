package io.captioner.caption;

import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.text.Vocabulary;
import io.captioner.trust.Evidence;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Figures of one caption by which the health of its model is monitored.
 *
 * @param words number of words, at least 1
 * @param unknownWords number of words that are not in the vocabulary
 * @param truncated whether it was cut at the maximum length
 * @param repeats whether a run of its words is followed at once by itself
 * @param confidence as it is answered, 0 to 1
 * @param familiarity of the image, 0 to 1; null if the bundle does not tell
 * @param abstained whether the confidence was too low for a text
 * @param attentionEntropy mean over the words of the entropy of their attention over ln(cells), 0 to 1; null for a
 *     model without attention
 */
public record CaptionQualityStats(
        int words,
        int unknownWords,
        boolean truncated,
        boolean repeats,
        double confidence,
        @Nullable Double familiarity,
        boolean abstained,
        @Nullable Double attentionEntropy) {

    /** Returns the figures of a caption with at least one word. */
    static CaptionQualityStats of(Hypothesis caption, CaptionResponse.Caption answer, Manifest.@Nullable Grid shape) {
        int[] tokens = caption.tokens();
        return new CaptionQualityStats(
                tokens.length,
                (int) Arrays.stream(tokens)
                        .filter(token -> token == Vocabulary.UNKNOWN)
                        .count(),
                !caption.finished(),
                caption.repeats(),
                answer.confidence(),
                answer.trust().familiarity(),
                answer.abstained() != null,
                shape == null ? null : Evidence.entropy(caption, shape));
    }
}
