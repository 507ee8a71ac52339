package io.captioner.model;

import io.captioner.text.Repetition;
import io.captioner.text.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
 * @param position the image's {@link Familiarity#position}, the same for all captions of an image; [0] for a bundle
 *     that has none
 * @param support how much the caption resembles what people wrote of the training photos nearest to the image, see
 *     {@link Neighbours#support}; null if that is not known
 * @param likeness how much the caption resembles what people are likely to write of the image, see
 *     {@link Phrases#likeness}; null if that is not known
 */
@SuppressWarnings("ArrayRecordComponent") // straight from the device, never changed
public record Hypothesis(
        int[] tokens,
        float[] logProbabilities,
        float logProbability,
        float score,
        float[][] attention,
        boolean finished,
        float[] position,
        @Nullable Double support,
        @Nullable Double likeness) {
    /** A caption of a bundle that does not tell how familiar the image is. */
    public Hypothesis(
            int[] tokens,
            float[] logProbabilities,
            float logProbability,
            float score,
            float[][] attention,
            boolean finished) {
        this(tokens, logProbabilities, logProbability, score, attention, finished, new float[0], null, null);
    }

    /** Returns whether words are followed at once by themselves. */
    public boolean repeats() {
        return Repetition.isIn(Arrays.stream(tokens).boxed().toList());
    }

    /** Returns this caption with its image's place, its support and its likeness. */
    public Hypothesis at(float[] place, @Nullable Double supported, @Nullable Double alike) {
        return new Hypothesis(
                tokens, logProbabilities, logProbability, score, attention, finished, place, supported, alike);
    }

    /**
     * A word of a caption.
     *
     * @param probability given the image and the words before it, 0 to 1
     */
    public record Word(String word, double probability) {}

    /** Returns the words of this caption, in order. */
    public List<Word> words(Vocabulary vocabulary) {
        return IntStream.range(0, tokens.length)
                .mapToObj(t -> new Word(vocabulary.word(tokens[t]), Math.exp(logProbabilities[t])))
                .toList();
    }

    /** Returns the geometric mean of the word probabilities, 0 to 1; NaN without words. */
    public double confidence() {
        double sum = 0;
        for (float logProbability : logProbabilities) {
            sum += logProbability;
        }
        return Math.exp(sum / logProbabilities.length);
    }
}
