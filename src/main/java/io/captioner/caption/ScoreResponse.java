package io.captioner.caption;

import io.captioner.caption.CaptionListener.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scores of texts as captions of an image, in the order the texts were sent.
 *
 * @param model which model scored
 * @param lengthPenalty exponent of the ranking
 * @param filename the name that the sender gave the image, null for none
 * @param width columns of the upright original
 * @param height rows of the upright original
 * @param source what the scores were taken from; they are the same from every source
 * @param scores one for each text
 * @param timing where the time went
 */
public record ScoreResponse(
        CaptionResponse.Model model,
        float lengthPenalty,
        @Nullable String filename,
        int width,
        int height,
        Source source,
        List<Score> scores,
        CaptionResponse.Timing timing) {
    /**
     * The score of one text.
     *
     * @param text as it was sent
     * @param rank place among all texts, 1 for the likeliest; texts of equal score have equal ranks
     * @param logProbability natural-log probability of all words and the end
     * @param score log-probability / (words + 1)^lengthPenalty, by which texts are ranked
     * @param confidence geometric mean of the word probabilities, 0 to 1; not calibrated
     * @param endProbability probability that the caption ends after the last word, 0 to 1
     * @param words the words as the model reads them, at least one; a word outside the vocabulary as it was sent, with
     *     the probability of any such word
     * @param weakest place among the words of the least likely one, the first of equals, counted from 0
     * @param unknown words outside the vocabulary, each once, in order
     */
    public record Score(
            String text,
            int rank,
            double logProbability,
            double score,
            double confidence,
            double endProbability,
            List<CaptionResponse.Word> words,
            int weakest,
            List<String> unknown) {}
}
