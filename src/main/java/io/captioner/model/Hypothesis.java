package io.captioner.model;

/**
 * One caption that the search found, with T words.
 *
 * @param tokens ids of the words in order, [T], without start and end
 * @param logProbabilities natural-log probability of each word given the image and the words before it, [T]
 * @param logProbability log-probability of the whole caption: the words' and, if finished, the end's
 * @param score length-normalised log-probability by which the hypotheses of an image are ranked
 * @param attention alpha over the annotation grid at each word, [T][rows * columns] row-major, each summing to 1; [0]
 *     rows for a model without attention
 * @param finished whether the caption has an end; if not, it was cut at the maximum length
 */
@SuppressWarnings("ArrayRecordComponent") // straight from the device, never changed
public record Hypothesis(
        int[] tokens,
        float[] logProbabilities,
        float logProbability,
        float score,
        float[][] attention,
        boolean finished) {
    /** Returns the geometric mean of the word probabilities, 0 to 1; NaN without words. */
    public double confidence() {
        double sum = 0;
        for (float logProbability : logProbabilities) {
            sum += logProbability;
        }
        return Math.exp(sum / logProbabilities.length);
    }
}
