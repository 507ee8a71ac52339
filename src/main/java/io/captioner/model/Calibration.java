package io.captioner.model;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What turns the evidence about a caption into the probability that it is right: two logistic functions, and how well
 * they did on captions that they were not fitted on.
 *
 * @param right what counts as right, for people
 * @param withAgreement used where a search found several captions
 * @param withoutAgreement used where there is one caption
 * @param mediumFrom confidence from which on the level is medium
 * @param highFrom confidence from which on the level is high
 * @param data the captions that it was fitted on, and what they say of each data set
 * @param figures of all data sets together, each caption judged by functions fitted on the others
 */
public record Calibration(
        String right,
        Logistic withAgreement,
        Logistic withoutAgreement,
        double mediumFrom,
        double highFrom,
        List<DataSet> data,
        Figures figures) {
    private static final double BOUND = 3;

    /** @throws IllegalArgumentException if the levels do not ascend between 0 and 1 */
    public Calibration {
        if (!(mediumFrom >= 0 && mediumFrom <= highFrom && highFrom <= 1)) {
            throw new IllegalArgumentException(
                    "levels from %s and %s: they must ascend from 0 to 1".formatted(mediumFrom, highFrom));
        }
    }

    /** @throws IllegalArgumentException if it weighs coordinates, but not this many */
    public void requirePlace(int coordinates) {
        for (Logistic logistic : List.of(withAgreement, withoutAgreement)) {
            int weighed = logistic.position().size();
            if (weighed != 0 && weighed != coordinates) {
                throw new IllegalArgumentException(
                        "the calibration weighs %d coordinates, not %d".formatted(weighed, coordinates));
            }
        }
    }

    /** Returns a coordinate within bounds: a photo of another world would outweigh all other evidence. */
    private static double bounded(double coordinate) {
        return Math.max(-BOUND, Math.min(BOUND, coordinate));
    }

    /** The evidence about one caption, as numbers. */
    public enum Input {
        /** Mean natural-log probability of the words. */
        MEAN_LOG_PROBABILITY,
        /** Natural-log probability of the least probable word. */
        LEAST_LOG_PROBABILITY,
        /** Mean share of the search's captions that keep a word. */
        AGREEMENT,
        /** The same of the word that the fewest keep. */
        LEAST_AGREEMENT,
        /** Natural logarithm of the number of words. */
        LOG_WORDS,
        /** Mean entropy of the words' attention over ln(cells); 0 without attention. */
        ATTENTION_ENTROPY,
        /** Natural logarithm of the image's {@link Familiarity#distance}; 0 without. */
        LOG_DISTANCE,
        /** Natural logarithm of the caption's {@link Neighbours#support}; 0 without. */
        LOG_SUPPORT,
        /** Natural logarithm of the caption's {@link Phrases#likeness}; 0 without. */
        LOG_LIKENESS
    }

    /**
     * A logistic function.
     *
     * @param bias added to the weighted sum
     * @param weights by input; an absent one is 0
     * @param words weights of words that a caption has, for models know some things better than others; an absent one
     *     is 0
     * @param position weights of the image's {@link Familiarity#position}; empty if that is not used, as in all that
     *     this program fits
     */
    public record Logistic(double bias, Map<Input, Double> weights, Map<String, Double> words, List<Double> position) {
        /** @throws IllegalArgumentException if a weight is not finite */
        public Logistic {
            weights = Collections.unmodifiableMap(new TreeMap<>(weights)); // one order of summation
            words = Collections.unmodifiableMap(new TreeMap<>(words));
            position = List.copyOf(position);
            boolean finite = Double.isFinite(bias)
                    && weights.values().stream().allMatch(Double::isFinite)
                    && words.values().stream().allMatch(Double::isFinite)
                    && position.stream().allMatch(Double::isFinite);
            if (!finite) {
                throw new IllegalArgumentException("the weights of a calibration must be finite numbers");
            }
        }

        /**
         * Returns the probability that a caption is right, 0 to 1.
         *
         * @param evidence by input; an absent one is 0
         * @param said different words of the caption
         * @param place the image's {@link Familiarity#position}; of another length than the weights, it is not used
         */
        public double of(Map<Input, Double> evidence, Collection<String> said, float[] place) {
            double sum = bias;
            for (Map.Entry<Input, Double> weight : weights.entrySet()) {
                sum += weight.getValue() * evidence.getOrDefault(weight.getKey(), 0.0);
            }
            for (String word : said) {
                sum += words.getOrDefault(word, 0.0);
            }
            if (place.length == position.size()) {
                for (int k = 0; k < place.length; k++) {
                    sum += position.get(k) * bounded(place[k]);
                }
            }
            return 1 / (1 + Math.exp(-sum));
        }
    }

    /**
     * A data set.
     *
     * @param photos captioned
     * @param right share of captions that are right
     * @param confidence mean
     * @param likelihood mean, of the captions as the model has it
     * @param familiarity mean; null without
     */
    public record DataSet(
            String name,
            int photos,
            double right,
            double confidence,
            double likelihood,
            @Nullable Double familiarity) {}

    /**
     * Figures of confidence.
     *
     * @param ece expected calibration error in ten bins of equal width
     * @param auc probability that a right caption has more confidence than a wrong one
     * @param likelihoodAuc the same of the likelihood alone
     * @param betweenData probability that a caption of the first data set has more confidence than one of the others;
     *     null with one data set
     * @param riskCoverage share of wrong captions among those of most confidence, by share of captions kept
     */
    public record Figures(
            double ece,
            double auc,
            double likelihoodAuc,
            @Nullable Double betweenData,
            List<Risk> riskCoverage) {}

    /**
     * A point of the risk–coverage curve.
     *
     * @param coverage share of the captions that are kept, those of most confidence
     * @param minConfidence the least confidence among them
     * @param wrong share of them that is not right
     */
    public record Risk(double coverage, double minConfidence, double wrong) {}
}
