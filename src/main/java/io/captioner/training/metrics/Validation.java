package io.captioner.training.metrics;

import io.captioner.attention.AttentionGrid;
import io.captioner.text.CaptionTokenizer;
import io.captioner.text.Repetition;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.source.ObjectBoxes;
import io.captioner.training.metrics.CaptionScorer.CaptionScores;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result of decoding a split: scores against reference captions, and measures without references.
 *
 * @param generated the captions, in the order of the photos
 * @param attention null if no caption has a word with attention
 * @param pointing null if no boxes are known
 */
public record Validation(
        List<GeneratedCaption> generated,
        CaptionScores scores,
        CaptionHealth health,
        @Nullable AttentionHealth attention,
        @Nullable Pointing pointing) {

    /** Scores captions, one for each photo in the same order. */
    public static Validation of(List<CaptionedPhoto> photos, List<GeneratedCaption> generated) {
        return of(photos, generated, Map.of());
    }

    /**
     * Scores captions, one for each photo in the same order.
     *
     * @param boxes objects by the photo's name, for {@link Pointing}; may be empty
     */
    public static Validation of(
            List<CaptionedPhoto> photos, List<GeneratedCaption> generated, Map<String, ObjectBoxes> boxes) {
        Map<String, String> candidates = candidates(photos, generated);
        List<float[][]> maps = generated.stream()
                .filter(caption -> !caption.attention().isEmpty())
                .map(caption ->
                        caption.attention().stream().map(AttentionGrid::weights).toArray(float[][]::new))
                .toList();
        return new Validation(
                List.copyOf(generated),
                CaptionScorer.score(candidates, references(photos)),
                CaptionHealth.of(candidates.values()),
                maps.isEmpty() ? null : AttentionHealth.of(maps),
                boxes.isEmpty() ? null : Pointing.of(photos, generated, boxes));
    }

    private static Map<String, String> candidates(List<CaptionedPhoto> photos, List<GeneratedCaption> generated) {
        Map<String, String> candidates = new LinkedHashMap<>();
        for (int i = 0; i < photos.size(); i++) {
            candidates.put(photos.get(i).image(), generated.get(i).text());
        }
        return candidates;
    }

    private static Map<String, List<String>> references(List<CaptionedPhoto> photos) {
        Map<String, List<String>> references = new LinkedHashMap<>();
        photos.forEach(photo -> references.put(photo.image(), photo.captions()));
        return references;
    }

    /**
     * Scores each caption by CIDEr-D, whose mean is the score of all.
     *
     * @param photos those that were captioned
     * @return by the name of the photo, in the order of the photos
     */
    public Map<String, Double> ciderD(List<CaptionedPhoto> photos) {
        return CaptionScorer.ciderD(candidates(photos, generated), references(photos));
    }

    /** Returns the captions as they are shown, in the order of the photos. */
    public List<String> captions() {
        return generated.stream().map(GeneratedCaption::text).toList();
    }

    /** Returns every figure with its name, on one line. */
    public String summary() {
        return figures().entrySet().stream()
                .map(figure -> String.format(Locale.ROOT, "%s %.4f", figure.getKey(), figure.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** Returns every figure by name. */
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>(scores.asMap());
        figures.put("distinct captions", health.distinctCaptionShare());
        figures.put("distinct words", (double) health.distinctWords());
        figures.put("repetition", health.repetitionShare());
        figures.put("dangling ends", health.danglingShare());
        figures.put("mean words", health.meanWords());
        if (attention != null) {
            figures.put("attention entropy", attention.meanEntropy());
            figures.put("attention change", attention.meanChange());
        }
        if (pointing != null) {
            figures.put("words with boxes", (double) pointing.words());
            if (pointing.words() > 0) {
                figures.put("pointing", (double) pointing.hits() / pointing.words());
                figures.put("pointing of the centre", (double) pointing.centre() / pointing.words());
            }
        }
        return figures;
    }

    /**
     * Measures of a set of captions without references: variety, repetition and unfinished sentences.
     *
     * @param captions how many captions there are
     * @param distinctCaptionShare how many different captions there are for each caption, above 0 to 1
     * @param distinctWords how many different words the captions use together
     * @param repetitionShare the share of captions in which a run of words is followed at once by itself, 0 to 1
     * @param danglingShare the share of captions that end in an article, a conjunction or another word that needs a
     *     successor, 0 to 1
     * @param meanWords the mean number of words of a caption
     */
    record CaptionHealth(
            int captions,
            double distinctCaptionShare,
            int distinctWords,
            double repetitionShare,
            double danglingShare,
            double meanWords) {
        /** Words that hardly ever end a whole caption; adverb-like prepositions ("looks on") are not among them. */
        private static final Set<String> NEED_A_SUCCESSOR = Set.of(
                "a", "an", "the", "and", "or", "but", "while", "as", "of", "with", "at", "to", "for", "from", "into",
                "onto", "in", "is", "are", "was", "were", "his", "their", "its", "'s", "very", "that", "who", "which",
                "between");

        /**
         * Measures captions as written; letter case and punctuation do not count.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static CaptionHealth of(Collection<String> captions) {
            if (captions.isEmpty()) {
                throw new IllegalArgumentException("there is no caption to measure");
            }
            List<List<String>> tokenized =
                    captions.stream().map(CaptionTokenizer::words).toList();
            Set<String> words = new HashSet<>();
            tokenized.forEach(words::addAll);
            double count = tokenized.size();
            return new CaptionHealth(
                    tokenized.size(),
                    new HashSet<>(tokenized).size() / count,
                    words.size(),
                    tokenized.stream().filter(Repetition::isIn).count() / count,
                    tokenized.stream().filter(CaptionHealth::dangles).count() / count,
                    tokenized.stream().mapToInt(List::size).sum() / count);
        }

        private static boolean dangles(List<String> words) {
            return !words.isEmpty() && NEED_A_SUCCESSOR.contains(words.get(words.size() - 1));
        }
    }

    /**
     * Measures of attention maps: good captions can have maps that are uniform, or the same for every word.
     *
     * @param meanEntropy the mean over all words of the entropy of a word's map divided by the natural logarithm of its
     *     cells: 0 is all weight in one cell, 1 is uniform
     * @param meanChange the mean over all successive words of a caption of the total variation distance between their
     *     maps, half the sum of absolute differences: 0 is the same map, 1 has no cell in common; 0 if no caption has
     *     two words
     */
    public record AttentionHealth(double meanEntropy, double meanChange) {
        /**
         * Measures the attention of captions.
         *
         * @param captions for each caption the map of each word, [words][cells]; at least two cells, as many for every
         *     word; weights finite and not negative; each map is scaled to the sum 1 before it is measured
         * @throws IllegalArgumentException if there is no word, or a map is not such a map
         */
        public static AttentionHealth of(List<float[][]> captions) {
            double entropy = 0;
            double change = 0;
            long words = 0;
            long changes = 0;
            for (float[][] caption : captions) {
                double[] previous = {};
                for (float[] weights : caption) {
                    double[] map = scaled(weights);
                    entropy += entropy(map) / Math.log(map.length);
                    words++;
                    if (previous.length > 0) {
                        change += distance(previous, map);
                        changes++;
                    }
                    previous = map;
                }
            }
            if (words == 0) {
                throw new IllegalArgumentException("there is no attention map to measure");
            }
            return new AttentionHealth(entropy / words, changes == 0 ? 0 : change / changes);
        }

        private static double[] scaled(float[] weights) {
            if (weights.length < 2) {
                throw new IllegalArgumentException("an attention map needs at least 2 cells, not " + weights.length);
            }
            double sum = 0;
            for (float weight : weights) {
                if (!(weight >= 0 && weight < Float.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("attention weights are finite and not negative, not " + weight);
                }
                sum += weight;
            }
            if (sum == 0) {
                throw new IllegalArgumentException("an attention map has a weight above 0, not all zeros");
            }
            double[] map = new double[weights.length];
            for (int cell = 0; cell < map.length; cell++) {
                map[cell] = weights[cell] / sum;
            }
            return map;
        }

        private static double entropy(double[] map) {
            double entropy = 0;
            for (double weight : map) {
                entropy -= weight == 0 ? 0 : weight * Math.log(weight);
            }
            return entropy;
        }

        private static double distance(double[] first, double[] second) {
            if (first.length != second.length) {
                throw new IllegalArgumentException("maps of one caption need equally many cells, not %d and %d"
                        .formatted(first.length, second.length));
            }
            double sum = 0;
            for (int cell = 0; cell < first.length; cell++) {
                sum += Math.abs(first[cell] - second[cell]);
            }
            return sum / 2;
        }
    }
}
