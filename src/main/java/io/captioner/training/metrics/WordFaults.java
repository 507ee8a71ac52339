package io.captioner.training.metrics;

import io.captioner.text.CaptionTokenizer;
import io.captioner.training.data.CaptionedPhoto;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The faults of captions by word: what they say though no person does, and what people say and they do not.
 *
 * @param wrong the words that are wrong most often, the worst first
 * @param missing the words that are missed most often, the worst first
 */
public record WordFaults(List<Fault> wrong, List<Fault> missing) {
    private static final int LEAST_PHOTOS = 10;
    /** Two people who say the same word mean something that is to be seen. */
    private static final int PEOPLE = 2;

    /**
     * A word.
     *
     * @param photos how many it could be wrong or missing for, at least 10
     * @param faults for how many of them it is
     * @param example the caption of the first of these
     */
    public record Fault(String word, int photos, int faults, String example) {
        private double share() {
            return (double) faults / photos;
        }
    }

    /**
     * Counts the faults of captions, one for each photo in the same order.
     *
     * @param most words of each kind
     */
    public static WordFaults of(List<CaptionedPhoto> photos, List<String> captions, int most) {
        Map<String, Count> wrong = new HashMap<>();
        Map<String, Count> missing = new HashMap<>();
        for (int i = 0; i < captions.size(); i++) {
            String caption = captions.get(i);
            Set<String> said = new HashSet<>(CaptionTokenizer.words(caption));
            Map<String, Integer> people = new HashMap<>();
            for (String reference : photos.get(i).captions()) {
                new HashSet<>(CaptionTokenizer.words(reference)).forEach(word -> people.merge(word, 1, Integer::sum));
            }
            said.forEach(word -> count(wrong, word).add(!people.containsKey(word), caption));
            people.forEach((word, times) -> {
                if (times >= PEOPLE) {
                    count(missing, word).add(!said.contains(word), caption);
                }
            });
        }
        return new WordFaults(worst(wrong, most), worst(missing, most));
    }

    private static Count count(Map<String, Count> counts, String word) {
        return counts.computeIfAbsent(word, added -> new Count());
    }

    private static List<Fault> worst(Map<String, Count> counts, int most) {
        List<Fault> faults = new ArrayList<>();
        counts.forEach((word, count) -> {
            if (count.photos >= LEAST_PHOTOS && count.faults > 0) {
                faults.add(new Fault(word, count.photos, count.faults, count.example));
            }
        });
        faults.sort(Comparator.comparingDouble(Fault::share)
                .thenComparingInt(Fault::photos)
                .reversed()
                .thenComparing(Fault::word));
        return List.copyOf(faults.subList(0, Math.min(most, faults.size())));
    }

    private static final class Count {
        int photos;
        int faults;
        String example = "";

        void add(boolean fault, String caption) {
            photos++;
            if (fault) {
                example = faults == 0 ? caption : example;
                faults++;
            }
        }
    }
}
