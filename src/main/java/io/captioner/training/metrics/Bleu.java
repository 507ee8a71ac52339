package io.captioner.training.metrics;

import io.captioner.training.metrics.CaptionScorer.ScoredImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Corpus BLEU (Papineni et al. 2002) as in coco-caption's {@code bleu_scorer.py}: clipped precisions and the brevity
 * penalty from corpus totals, the reference length closest to the candidate's, ties to the shorter.
 */
final class Bleu {
    /** coco-caption's smoothing: keeps a precision without matches, or without n-grams, just above zero. */
    private static final double TINY = 1e-15;

    private static final double SMALL = 1e-9;

    private Bleu() {}

    /** Returns BLEU-1 to BLEU-4. */
    static double[] scores(List<ScoredImage> images) {
        long candidateLength = 0;
        long referenceLength = 0;
        long[] guessed = new long[ScoredImage.MAX_NGRAM];
        long[] correct = new long[ScoredImage.MAX_NGRAM];
        for (ScoredImage image : images) {
            int length = image.candidate().size();
            candidateLength += length;
            referenceLength += closestLength(length, image.references());
            for (int n = 1; n <= ScoredImage.MAX_NGRAM; n++) {
                guessed[n - 1] += Math.max(0, length - n + 1);
                correct[n - 1] += clippedMatches(image, n);
            }
        }
        double ratio = (candidateLength + TINY) / (referenceLength + SMALL);
        double brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
        double[] scores = new double[ScoredImage.MAX_NGRAM];
        double product = 1;
        for (int n = 1; n <= ScoredImage.MAX_NGRAM; n++) {
            product *= (correct[n - 1] + TINY) / (guessed[n - 1] + SMALL);
            scores[n - 1] = Math.pow(product, 1.0 / n) * brevity;
        }
        return scores;
    }

    private static int closestLength(int length, List<List<String>> references) {
        int closest = references.get(0).size();
        for (List<String> reference : references) {
            int distance = Math.abs(reference.size() - length);
            int best = Math.abs(closest - length);
            if (distance < best || distance == best && reference.size() < closest) {
                closest = reference.size();
            }
        }
        return closest;
    }

    private static long clippedMatches(ScoredImage image, int n) {
        Map<String, Integer> most = new HashMap<>();
        for (List<String> reference : image.references()) {
            ScoredImage.ngrams(reference, n).forEach((ngram, count) -> most.merge(ngram, count, Math::max));
        }
        long matches = 0;
        for (Map.Entry<String, Integer> candidate :
                ScoredImage.ngrams(image.candidate(), n).entrySet()) {
            matches += Math.min(candidate.getValue(), most.getOrDefault(candidate.getKey(), 0));
        }
        return matches;
    }
}
