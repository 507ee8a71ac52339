package io.captioner.training.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words of an image's candidate caption and of its reference captions.
 *
 * @param candidate may be empty
 * @param references at least one
 */
record ScoredImage(List<String> candidate, List<List<String>> references) {
    /** The length of the longest n-grams of BLEU and CIDEr-D, in words. */
    static final int MAX_NGRAM = 4;

    /** Returns the count of each n-gram of {@code n} words; words contain no blanks, so a blank joins them. */
    static Map<String, Integer> ngrams(List<String> words, int n) {
        Map<String, Integer> counts = new HashMap<>();
        for (int start = 0; start + n <= words.size(); start++) {
            counts.merge(String.join(" ", words.subList(start, start + n)), 1, Integer::sum);
        }
        return counts;
    }
}
