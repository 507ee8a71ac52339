package io.captioner.training.metrics;

import io.captioner.text.CaptionTokenizer;
import java.util.ArrayList;
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
}
