package io.captioner.training.metrics;

import io.captioner.training.metrics.CaptionScorer.ScoredImage;
import java.util.List;

/**
 * ROUGE-L (Lin 2004) as in coco-caption's {@code rouge.py}: the F measure, beta 1.2, of the best precision and the best
 * recall of the longest common subsequence over the references of an image; the mean over images.
 */
final class RougeL {
    private static final double BETA_SQUARED = 1.2 * 1.2;

    /** The original splits an empty caption into one empty word, so that two empty captions match. */
    private static final List<String> EMPTY = List.of("");

    private RougeL() {}

    static double score(List<ScoredImage> images) {
        return images.stream().mapToDouble(RougeL::score).average().orElse(0);
    }

    private static double score(ScoredImage image) {
        List<String> candidate = image.candidate().isEmpty() ? EMPTY : image.candidate();
        double precision = 0;
        double recall = 0;
        for (List<String> words : image.references()) {
            List<String> reference = words.isEmpty() ? EMPTY : words;
            double common = longestCommonSubsequence(candidate, reference);
            precision = Math.max(precision, common / candidate.size());
            recall = Math.max(recall, common / reference.size());
        }
        if (precision == 0 || recall == 0) {
            return 0;
        }
        return (1 + BETA_SQUARED) * precision * recall / (recall + BETA_SQUARED * precision);
    }

    private static int longestCommonSubsequence(List<String> first, List<String> second) {
        int[] lengths = new int[second.size() + 1];
        for (String word : first) {
            int diagonal = 0;
            for (int i = 1; i <= second.size(); i++) {
                int above = lengths[i];
                lengths[i] = word.equals(second.get(i - 1)) ? diagonal + 1 : Math.max(above, lengths[i - 1]);
                diagonal = above;
            }
        }
        return lengths[second.size()];
    }
}
