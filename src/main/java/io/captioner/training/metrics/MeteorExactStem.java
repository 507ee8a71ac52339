package io.captioner.training.metrics;

import java.util.List;

/**
 * METEOR (Denkowski and Lavie 2014) with two of its four matchers, exact words and stems of Snowball's English stemmer,
 * and without function words. It is not METEOR 1.5, whose synonyms and paraphrases find more: its scores are lower, and
 * comparable only among themselves.
 *
 * <p>Parameters are those of METEOR 1.5 for English: alpha 0.85, beta 0.2, gamma 0.6, matcher weights 1 and 0.6. The
 * weight of content against function words, delta, is 0.5: both count alike, for the list of function words is not ours
 * to ship. Equal to METEOR 1.5 with {@code -m "exact stem" -w "1.0 0.6" -p "0.85 0.2 0.6 0.5"}.
 */
final class MeteorExactStem {
    private static final double ALPHA = 0.85;
    private static final double BETA = 0.2;
    private static final double GAMMA = 0.6;
    private static final double STEM_WEIGHT = 0.6;

    private MeteorExactStem() {}

    /** Sums over captions: lengths, words matched exactly and by their stems, and chunks. */
    private record Totals(int candidate, int reference, int exact, int stems, int chunks) {
        private static final Totals NONE = new Totals(0, 0, 0, 0, 0);

        /** A caption that is its reference, in one piece, is not in pieces: it has no chunk, in the sums too. */
        static Totals of(int candidate, int reference, WordAlignment alignment) {
            int matches = alignment.exact() + alignment.stems();
            boolean isWhole = matches == candidate && matches == reference && alignment.chunks() == 1;
            return new Totals(
                    candidate, reference, alignment.exact(), alignment.stems(), isWhole ? 0 : alignment.chunks());
        }

        Totals plus(Totals other) {
            return new Totals(
                    candidate + other.candidate,
                    reference + other.reference,
                    exact + other.exact,
                    stems + other.stems,
                    chunks + other.chunks);
        }

        double score() {
            int matches = exact + stems;
            if (matches == 0) {
                return 0;
            }
            double weighted = exact + STEM_WEIGHT * stems;
            double mean = 1 / ((1 - ALPHA) * candidate / weighted + ALPHA * reference / weighted);
            double fragmentation = (double) chunks / matches;
            return mean * (1 - GAMMA * Math.pow(fragmentation, BETA));
        }
    }

    /** Returns the score of all images: from the sums over each candidate and the reference that suits it best. */
    static double score(List<ScoredImage> images) {
        return images.stream()
                .map(MeteorExactStem::best)
                .reduce(Totals.NONE, Totals::plus)
                .score();
    }

    private static Totals best(ScoredImage image) {
        Totals best = Totals.NONE;
        double bestScore = -1;
        for (List<String> reference : image.references()) {
            Totals totals = Totals.of(
                    image.candidate().size(), reference.size(), WordAlignment.of(image.candidate(), reference));
            if (totals.score() > bestScore) {
                best = totals;
                bestScore = totals.score();
            }
        }
        return best;
    }
}
