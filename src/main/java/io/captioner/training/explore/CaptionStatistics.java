package io.captioner.training.explore;

import io.captioner.text.CaptionTokenizer;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.Split;
import java.util.ArrayList;
import java.util.EnumMap;
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
}
