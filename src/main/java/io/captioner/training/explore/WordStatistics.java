package io.captioner.training.explore;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The counts of the words of captions. Immutable. */
final class WordStatistics {
    private final Map<String, Integer> counts;
    private final List<List<String>> captions;
    private final long words;

    private WordStatistics(Map<String, Integer> counts, List<List<String>> captions) {
        this.counts = counts;
        this.captions = captions;
        this.words = counts.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** @param captions the words of each */
    static WordStatistics of(List<List<String>> captions) {
        Map<String, Integer> counts = new HashMap<>();
        captions.forEach(caption -> caption.forEach(word -> counts.merge(word, 1, Integer::sum)));
        return new WordStatistics(counts, List.copyOf(captions));
    }

    /**
     * A word and its count.
     *
     * @param share of all words, 0 to 1
     */
    record Frequency(String word, int count, double share) {}

    /**
     * The size and coverage of a vocabulary with a minimum count.
     *
     * @param minimum how often
     * @param words how many different words
     * @param coverage the share of all words that are among them, 0 to 1
     * @param whole the share of captions all of whose words are among them, 0 to 1
     */
    record Cut(int minimum, int words, double coverage, double whole) {}

    /** Returns how many words there are, repeated ones too. */
    long words() {
        return words;
    }

    /** Returns how many different words there are. */
    int distinct() {
        return counts.size();
    }

    /** Returns the most frequent words, equally frequent ones by alphabet. */
    List<Frequency> top(int limit) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .map(entry -> new Frequency(entry.getKey(), entry.getValue(), (double) entry.getValue() / words))
                .toList();
    }

    /** Returns what would be left of the words with a minimum count. */
    Cut cut(int minimum) {
        int kept = 0;
        long covered = 0;
        for (int count : counts.values()) {
            if (count >= minimum) {
                kept++;
                covered += count;
            }
        }
        long whole = captions.stream()
                .filter(caption -> caption.stream().allMatch(word -> counts.getOrDefault(word, 0) >= minimum))
                .count();
        return new Cut(minimum, kept, share(covered, words), share(whole, captions.size()));
    }

    private static double share(long part, long all) {
        return all == 0 ? 0 : (double) part / all;
    }
}
