package io.captioner.training.metrics;

import io.captioner.training.metrics.CaptionScorer.ScoredImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * CIDEr-D (Vedantam et al. 2015) as in coco-caption's {@code cider_scorer.py}, which calls it CIDEr: clipped tf-idf
 * cosine of runs of one to four words with a Gaussian penalty (sigma 6) on the difference in length, times ten, mean
 * over n, references and images. The idf comes from the references being scored, so a single image always scores 0.
 */
final class CiderD {
    private static final double SIGMA = 6;

    private final double logImages;
    private final List<Map<String, Integer>> imagesWith = new ArrayList<>();

    /** @param images whose references give the document frequencies */
    CiderD(List<ScoredImage> images) {
        logImages = Math.log(images.size());
        for (int n = 1; n <= ScoredImage.MAX_NGRAM; n++) {
            Map<String, Integer> frequency = new HashMap<>();
            for (ScoredImage image : images) {
                Set<String> ngrams = new HashSet<>();
                for (List<String> reference : image.references()) {
                    ngrams.addAll(ScoredImage.ngrams(reference, n).keySet());
                }
                ngrams.forEach(ngram -> frequency.merge(ngram, 1, Integer::sum));
            }
            imagesWith.add(frequency);
        }
    }

    static double score(List<ScoredImage> images) {
        return Arrays.stream(scores(images)).average().orElse(0);
    }

    /** Returns the score of each image, whose mean is the score of all. */
    static double[] scores(List<ScoredImage> images) {
        CiderD cider = new CiderD(images);
        return images.stream().mapToDouble(cider::score).toArray();
    }

    double score(ScoredImage image) {
        double sum = 0;
        for (List<String> reference : image.references()) {
            double difference = pairs(image.candidate()) - pairs(reference);
            double penalty = Math.exp(-difference * difference / (2 * SIGMA * SIGMA));
            for (int n = 1; n <= ScoredImage.MAX_NGRAM; n++) {
                sum += penalty * similarity(weights(image.candidate(), n), weights(reference, n));
            }
        }
        return 10 * sum / ScoredImage.MAX_NGRAM / image.references().size();
    }

    private Map<String, Double> weights(List<String> words, int n) {
        Map<String, Integer> frequency = imagesWith.get(n - 1);
        Map<String, Double> weights = new HashMap<>();
        ScoredImage.ngrams(words, n)
                .forEach((ngram, count) -> weights.put(
                        ngram, count * (logImages - Math.log(Math.max(1, frequency.getOrDefault(ngram, 0))))));
        return weights;
    }

    private static double similarity(Map<String, Double> candidate, Map<String, Double> reference) {
        double norm = norm(candidate) * norm(reference);
        if (norm == 0) {
            return 0;
        }
        double product = 0;
        for (Map.Entry<String, Double> weight : candidate.entrySet()) {
            double other = reference.getOrDefault(weight.getKey(), 0.0);
            product += Math.min(weight.getValue(), other) * other;
        }
        return product / norm;
    }

    /** The original measures a caption's length in pairs of words. */
    private static int pairs(List<String> words) {
        return Math.max(0, words.size() - 1);
    }

    private static double norm(Map<String, Double> weights) {
        return Math.sqrt(
                weights.values().stream().mapToDouble(weight -> weight * weight).sum());
    }
}
