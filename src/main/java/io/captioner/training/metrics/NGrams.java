package io.captioner.training.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The counting of runs of words. */
final class NGrams {
    /** The longest run that BLEU and CIDEr-D look at. */
    static final int MAX = 4;

    private NGrams() {}

    /** Returns how often each run of {@code n} words occurs; words hold no blanks, so a blank can join them. */
    static Map<String, Integer> counts(List<String> words, int n) {
        Map<String, Integer> counts = new HashMap<>();
        for (int start = 0; start + n <= words.size(); start++) {
            counts.merge(String.join(" ", words.subList(start, start + n)), 1, Integer::sum);
        }
        return counts;
    }
}
