package io.captioner.training.explore;

import io.captioner.text.CaptionTokenizer;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Statistics of the captions of a data set.
 *
 * @param splits the figures of each split that has photos
 * @param captionsPerPhoto number of photos by number of captions
 * @param lengths number of captions by number of words
 * @param words the words of the training captions, or of all captions where nothing is for training
 */
record CaptionStatistics(
        Map<Split, SplitCounts> splits,
        NavigableMap<Integer, Integer> captionsPerPhoto,
        NavigableMap<Integer, Integer> lengths,
        WordStatistics words) {

    /**
     * The figures of a split.
     *
     * @param words in all captions
     * @param longest words of the longest caption
     */
    record SplitCounts(int photos, int captions, long words, int longest) {
        private SplitCounts plus(CaptionedPhoto photo, List<List<String>> captions) {
            int inPhoto = captions.stream().mapToInt(List::size).sum();
            int longestOfPhoto = captions.stream().mapToInt(List::size).max().orElse(0);
            return new SplitCounts(
                    photos + 1,
                    this.captions + photo.captions().size(),
                    words + inPhoto,
                    Math.max(longest, longestOfPhoto));
        }
    }

    static CaptionStatistics of(List<CaptionedPhoto> photos) {
        boolean trains = photos.stream().anyMatch(photo -> photo.split() == Split.TRAIN);
        Map<Split, SplitCounts> splits = new EnumMap<>(Split.class);
        NavigableMap<Integer, Integer> captionsPerPhoto = new TreeMap<>();
        NavigableMap<Integer, Integer> lengths = new TreeMap<>();
        List<List<String>> counted = new ArrayList<>();
        for (CaptionedPhoto photo : photos) {
            List<List<String>> captions =
                    photo.captions().stream().map(CaptionTokenizer::words).toList();
            SplitCounts before = splits.getOrDefault(photo.split(), new SplitCounts(0, 0, 0, 0));
            splits.put(photo.split(), before.plus(photo, captions));
            captionsPerPhoto.merge(captions.size(), 1, Integer::sum);
            captions.forEach(words -> lengths.merge(words.size(), 1, Integer::sum));
            if (!trains || photo.split() == Split.TRAIN) {
                counted.addAll(captions);
            }
        }
        return new CaptionStatistics(splits, captionsPerPhoto, lengths, WordStatistics.of(counted));
    }

    int photos() {
        return splits.values().stream().mapToInt(SplitCounts::photos).sum();
    }

    int captions() {
        return splits.values().stream().mapToInt(SplitCounts::captions).sum();
    }

    /** Returns the share of captions with at most a number of words, 0 to 1. */
    double shareOfLength(int words) {
        int within = lengths.headMap(words, true).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        return captions() == 0 ? 0 : (double) within / captions();
    }

    /** The counts of the words of captions. Immutable. */
    static final class WordStatistics {
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
}
