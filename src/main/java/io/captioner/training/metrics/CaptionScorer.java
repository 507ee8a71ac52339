package io.captioner.training.metrics;

import io.captioner.text.CaptionTokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The scorer of captions: BLEU, ROUGE-L and CIDEr-D with the definitions of coco-caption (tylin/coco-caption), equal to
 * its numbers to at least four decimals, and METEOR of exact words and stems. A pure function.
 */
public final class CaptionScorer {
    private CaptionScorer() {}

    /**
     * Scores one caption for each image.
     *
     * @param candidates a caption for each image, as written; it may be blank
     * @param references at least one caption by people for each image, as written
     * @throws IllegalArgumentException if there is no image, the two name different images or an image has no
     *     reference; the message names the images
     */
    public static CaptionScores score(Map<String, String> candidates, Map<String, List<String>> references) {
        List<ScoredImage> images = tokenized(candidates, references);
        double[] bleu = Bleu.scores(images);
        return new CaptionScores(
                bleu[0],
                bleu[1],
                bleu[2],
                bleu[3],
                RougeL.score(images),
                CiderD.score(images),
                MeteorExactStem.score(images));
    }

    /**
     * Scores each image by CIDEr-D, whose mean is the score of all: 0 to 10.
     *
     * @return in the order of the candidates
     * @throws IllegalArgumentException as {@link #score} does
     */
    public static Map<String, Double> ciderD(Map<String, String> candidates, Map<String, List<String>> references) {
        double[] scores = CiderD.scores(tokenized(candidates, references));
        Map<String, Double> byImage = new LinkedHashMap<>();
        for (String image : candidates.keySet()) {
            byImage.put(image, scores[byImage.size()]);
        }
        return byImage;
    }

    private static List<ScoredImage> tokenized(Map<String, String> candidates, Map<String, List<String>> references) {
        checkImages(candidates, references);
        List<ScoredImage> images = new ArrayList<>();
        candidates.forEach((image, candidate) -> images.add(new ScoredImage(
                CaptionTokenizer.words(candidate),
                references.getOrDefault(image, List.of()).stream()
                        .map(CaptionTokenizer::words)
                        .toList())));
        return images;
    }

    private static void checkImages(Map<String, String> candidates, Map<String, List<String>> references) {
        if (candidates.isEmpty() && references.isEmpty()) {
            throw new IllegalArgumentException("there is no caption to score");
        }
        Set<String> unreferenced = new TreeSet<>(candidates.keySet());
        references.forEach((image, captions) -> {
            if (!captions.isEmpty()) {
                unreferenced.remove(image);
            }
        });
        Set<String> uncaptioned = new TreeSet<>(references.keySet());
        uncaptioned.removeAll(candidates.keySet());
        if (!unreferenced.isEmpty() || !uncaptioned.isEmpty()) {
            throw new IllegalArgumentException(
                    "candidates and references must name the same images; without references: %s; without candidate: %s"
                            .formatted(unreferenced, uncaptioned));
        }
    }

    /**
     * The scores of one set of captions against reference captions, as coco-caption reports them.
     *
     * @param bleu1 corpus BLEU of single words, 0 to 1
     * @param bleu2 corpus BLEU up to pairs of words, 0 to 1
     * @param bleu3 corpus BLEU up to triples of words, 0 to 1
     * @param bleu4 corpus BLEU up to four words, 0 to 1
     * @param rougeL mean ROUGE-L, 0 to 1
     * @param ciderD mean CIDEr-D, which coco-caption calls CIDEr, 0 to 10; comparable only on the same set of images
     * @param meteorExactStem METEOR with exact and stem matches only, 0 to 1; not comparable with METEOR 1.5, which
     *     coco-caption runs and which also matches synonyms and paraphrases
     */
    public record CaptionScores(
            double bleu1, double bleu2, double bleu3, double bleu4, double rougeL, double ciderD, double meteorExactStem) {
        /** Returns what decides between captions of equal CIDEr-D, the most important score first. */
        public List<Double> ties() {
            return List.of(bleu4, rougeL, meteorExactStem, bleu3, bleu2, bleu1);
        }

        /** Returns the scores by their usual names, in the order of the components; unmodifiable. */
        public Map<String, Double> asMap() {
            Map<String, Double> scores = new LinkedHashMap<>();
            scores.put("BLEU-1", bleu1);
            scores.put("BLEU-2", bleu2);
            scores.put("BLEU-3", bleu3);
            scores.put("BLEU-4", bleu4);
            scores.put("ROUGE-L", rougeL);
            scores.put("CIDEr-D", ciderD);
            scores.put("METEOR exact+stem", meteorExactStem);
            return Collections.unmodifiableMap(scores);
        }
    }

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
}
