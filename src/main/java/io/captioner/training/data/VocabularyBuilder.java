package io.captioner.training.data;

import io.captioner.text.Vocabulary;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the words of the training captions and keeps the frequent ones. */
public final class VocabularyBuilder {
    private VocabularyBuilder() {}

    /**
     * Builds the vocabulary of the words that occur at least so often, by falling count and then alphabetically, so
     * that the same captions give the same ids in whatever order they come.
     *
     * @param tokenizedTrainingCaptions the words of each caption of the training split, and of no other
     * @param minimumCount at least 1; a word counted exactly so often is kept
     * @param maximum most words, the commonest first; 0 for no limit
     * @throws IllegalArgumentException if the count is below 1, or no word is so frequent
     */
    public static Vocabulary build(Iterable<List<String>> tokenizedTrainingCaptions, int minimumCount, int maximum) {
        if (minimumCount < 1) {
            throw new IllegalArgumentException("the minimum count must be at least 1, not " + minimumCount);
        }
        Map<String, Integer> counts = new HashMap<>();
        for (List<String> caption : tokenizedTrainingCaptions) {
            for (String word : caption) {
                counts.merge(word, 1, Integer::sum);
            }
        }
        List<String> words = counts.entrySet().stream()
                .filter(count -> count.getValue() >= minimumCount)
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .limit(maximum == 0 ? Long.MAX_VALUE : maximum)
                .toList();
        if (words.isEmpty()) {
            throw new IllegalArgumentException(
                    "no word occurs %d times in the training captions; lower the minimum".formatted(minimumCount));
        }
        return Vocabulary.ofWords(words);
    }
}
