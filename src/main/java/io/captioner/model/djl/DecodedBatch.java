package io.captioner.model.djl;

import io.captioner.model.Hypothesis;
import io.captioner.model.Signatures;
import io.captioner.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the device gave back for a batch, row-major, and the hypotheses in it.
 *
 * @param vocabulary bounds of the ids
 * @param tokens words, END, PAD; [N, K, T]
 * @param logProbabilities [N, K, T]
 * @param attention [N, K, T, cells]
 * @param dimensions N, K and T
 * @param cells places of the annotation grid, 0 for a model without attention
 */
@SuppressWarnings("ArrayRecordComponent") // straight from the device, read once
record DecodedBatch(
        Vocabulary vocabulary,
        int[] tokens,
        float[] logProbabilities,
        float[] attention,
        Dimensions dimensions,
        int cells) {

    /** N images, K hypotheses each, T steps each. */
    record Dimensions(int images, int beam, int steps) {}

    /** @throws IllegalStateException if the arrays are not of these dimensions */
    DecodedBatch {
        int places = dimensions.images() * dimensions.beam() * dimensions.steps();
        if (dimensions.beam() < 1
                || tokens.length != places
                || logProbabilities.length != places
                || attention.length != places * cells) {
            throw new IllegalStateException(
                    "%d tokens, %d log-probabilities and %d attention weights for %s and %d cells"
                            .formatted(tokens.length, logProbabilities.length, attention.length, dimensions, cells));
        }
    }

    /**
     * Returns each image's hypotheses in the order of the device, without the places that hold no caption.
     *
     * @param scores [N, K]
     * @param most most hypotheses of an image that are returned
     */
    List<List<Hypothesis>> beams(float[] scores, int most) {
        if (scores.length != dimensions.images() * dimensions.beam()) {
            throw new IllegalStateException("%d scores for %s".formatted(scores.length, dimensions));
        }
        List<List<Hypothesis>> beams = new ArrayList<>(dimensions.images());
        for (int image = 0; image < dimensions.images(); image++) {
            List<Hypothesis> beam = new ArrayList<>(dimensions.beam());
            for (int k = 0; k < dimensions.beam() && beam.size() < most; k++) {
                float score = scores[image * dimensions.beam() + k];
                if (Float.isNaN(score) || score > Signatures.NO_CAPTION) {
                    beam.add(hypothesis(image * dimensions.beam() + k, score));
                }
            }
            if (beam.isEmpty()) {
                throw new IllegalStateException("no caption for image " + image);
            }
            beams.add(List.copyOf(beam));
        }
        return List.copyOf(beams);
    }

    /** Returns the one hypothesis of each image, its score being its log-probability. */
    List<Hypothesis> singles() {
        List<Hypothesis> singles = new ArrayList<>(dimensions.images());
        for (int image = 0; image < dimensions.images(); image++) {
            Hypothesis unscored = hypothesis(image, 0);
            singles.add(new Hypothesis(
                    unscored.tokens(),
                    unscored.logProbabilities(),
                    unscored.logProbability(),
                    unscored.logProbability(),
                    unscored.attention(),
                    unscored.finished()));
        }
        return List.copyOf(singles);
    }

    private Hypothesis hypothesis(int row, float score) {
        int from = row * dimensions.steps();
        int words = 0;
        while (words < dimensions.steps() && isWord(tokens[from + words])) {
            words++;
        }
        boolean finished = words < dimensions.steps() && tokens[from + words] == Vocabulary.END;
        float sum = 0;
        for (int t = 0; t < words + (finished ? 1 : 0); t++) {
            sum += logProbabilities[from + t];
        }
        float[][] maps = new float[cells == 0 ? 0 : words][];
        for (int t = 0; t < maps.length; t++) {
            maps[t] = Arrays.copyOfRange(attention, (from + t) * cells, (from + t + 1) * cells);
            requireMap(maps[t]);
        }
        if (!Float.isFinite(sum) || !Float.isFinite(score)) {
            throw new IllegalStateException("a caption of log-probability %s and score %s".formatted(sum, score));
        }
        return new Hypothesis(
                Arrays.copyOfRange(tokens, from, from + words),
                Arrays.copyOfRange(logProbabilities, from, from + words),
                sum,
                score,
                maps,
                finished);
    }

    private boolean isWord(int token) {
        if (token < 0 || token >= vocabulary.size()) {
            throw new IllegalStateException("token %d of %d".formatted(token, vocabulary.size()));
        }
        return token != Vocabulary.END && token != Vocabulary.PAD;
    }

    private static void requireMap(float[] map) {
        float sum = 0;
        for (float weight : map) {
            sum += weight;
        }
        if (!(Math.abs(sum - 1) <= 1e-2f)) { // also catches NaN; bfloat16 weights sum to 1 within 0.4 %
            throw new IllegalStateException("attention weights sum to %s, not 1".formatted(sum));
        }
    }
}
