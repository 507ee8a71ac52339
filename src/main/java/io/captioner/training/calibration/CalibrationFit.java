package io.captioner.training.calibration;

import io.captioner.model.Calibration.Figures;
import io.captioner.model.Calibration.Input;
import io.captioner.model.Calibration.Logistic;
import io.captioner.model.Calibration.Risk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The fit of confidence to judged captions. The figures are by cross-fitting: the captions are divided into ten parts,
 * and those of each part are given the confidence of functions that were fitted on the other nine.
 */
final class CalibrationFit {
    private static final int PARTS = 10;
    private static final int BINS = 10;
    private static final double PENALTY = 1;

    /** There are many words, and each says little. */
    private static final double PENALTY_OF_WORDS = 1000;

    /** Fewer captions say nothing of a word. */
    private static final int LEAST_CAPTIONS = 5;

    /** Drawn pictures show how far the evidence reaches; they are not what is captioned. */
    private static final double DRAWN_WEIGHT = 0.5;

    private static final double[] COVERAGES = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
    private static final Set<Input> OF_AGREEMENT = EnumSet.of(Input.AGREEMENT, Input.LEAST_AGREEMENT);

    private final List<JudgedCaption> captions;
    private final double caution;
    private final boolean agreement;

    /**
     * Fits with captions.
     *
     * @param caution weight of wrong captions of other data sets than the first, above 0
     * @param captions of all data sets and of drawn pictures
     * @param agreement whether the share of the search's captions that keep a word is used
     */
    CalibrationFit(List<JudgedCaption> captions, double caution, boolean agreement) {
        this.captions = List.copyOf(captions);
        this.caution = caution;
        this.agreement = agreement;
    }

    /** Returns the function that is fitted on all captions. */
    Logistic fit() {
        return fit(captions);
    }

    /**
     * Returns the confidence of each caption by functions that were fitted on others, in the order of the captions.
     *
     * @param seed decides the parts
     */
    double[] crossFitted(long seed) {
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, captions.size()).boxed().toList());
        Collections.shuffle(shuffled, new Random(seed));
        double[] confidence = new double[captions.size()];
        for (int part = 0; part < PARTS; part++) {
            List<JudgedCaption> others = new ArrayList<>();
            for (int i = 0; i < shuffled.size(); i++) {
                if (i % PARTS != part) {
                    others.add(captions.get(shuffled.get(i)));
                }
            }
            Logistic fitted = fit(others);
            for (int i = part; i < shuffled.size(); i += PARTS) {
                JudgedCaption caption = captions.get(shuffled.get(i));
                confidence[shuffled.get(i)] = fitted.of(
                        caption.evidence().inputs(),
                        caption.evidence().words(),
                        caption.evidence().position());
            }
        }
        return confidence;
    }

    private Logistic fit(List<JudgedCaption> on) {
        Set<Input> used = agreement ? EnumSet.allOf(Input.class) : EnumSet.complementOf(EnumSet.copyOf(OF_AGREEMENT));
        List<Input> inputs = List.copyOf(used);
        List<String> words = frequent(on);
        double[][] rows =
                on.stream().map(caption -> row(caption, inputs, words)).toArray(double[][]::new);
        boolean[] right = new boolean[rows.length];
        double[] weights = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            right[i] = on.get(i).right();
            weights[i] = weight(on.get(i));
        }
        double[] penalties = new double[inputs.size() + words.size()];
        Arrays.fill(penalties, PENALTY_OF_WORDS);
        Arrays.fill(penalties, 0, inputs.size(), PENALTY);
        LogisticRegression fitted = LogisticRegression.fit(rows, right, weights, penalties);
        Map<Input, Double> byInput = new EnumMap<>(Input.class);
        for (int i = 0; i < inputs.size(); i++) {
            byInput.put(inputs.get(i), fitted.weights()[i]);
        }
        Map<String, Double> byWord = new TreeMap<>();
        for (int i = 0; i < words.size(); i++) {
            byWord.put(words.get(i), fitted.weights()[inputs.size() + i]);
        }
        return new Logistic(fitted.bias(), byInput, byWord, List.of());
    }

    private double weight(JudgedCaption caption) {
        if (caption.dataSet() == JudgedCaption.DRAWN) {
            return DRAWN_WEIGHT;
        }
        return caption.dataSet() > 0 && !caption.right() ? caution : 1;
    }

    private static List<String> frequent(List<JudgedCaption> on) {
        Map<String, Integer> captions = new TreeMap<>();
        on.forEach(caption -> caption.evidence().words().forEach(word -> captions.merge(word, 1, Integer::sum)));
        return captions.entrySet().stream()
                .filter(word -> word.getValue() >= LEAST_CAPTIONS)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static double[] row(JudgedCaption caption, List<Input> inputs, List<String> words) {
        double[] row = new double[inputs.size() + words.size()];
        for (int i = 0; i < inputs.size(); i++) {
            row[i] = caption.evidence().inputs().getOrDefault(inputs.get(i), 0.0);
        }
        Set<String> said = Set.copyOf(caption.evidence().words());
        for (int i = 0; i < words.size(); i++) {
            row[inputs.size() + i] = said.contains(words.get(i)) ? 1 : 0;
        }
        return row;
    }

    /**
     * Returns the figures of the captions of photos.
     *
     * @param captions of data sets, the first one numbered 0
     * @param confidence of each
     */
    static Figures figures(List<JudgedCaption> captions, double[] confidence) {
        boolean[] right = new boolean[captions.size()];
        boolean[] first = new boolean[captions.size()];
        double[] likelihood = new double[captions.size()];
        boolean several = false;
        for (int i = 0; i < captions.size(); i++) {
            right[i] = captions.get(i).right();
            first[i] = captions.get(i).dataSet() == 0;
            likelihood[i] = captions.get(i).likelihood();
            several |= !first[i];
        }
        return new Figures(
                ece(confidence, right),
                auc(confidence, right),
                auc(likelihood, right),
                several ? auc(confidence, first) : null,
                riskCoverage(confidence, right));
    }

    /** Returns the expected calibration error in ten bins of equal width (Guo et al. 2017). */
    static double ece(double[] confidence, boolean[] right) {
        double[] difference = new double[BINS];
        for (int i = 0; i < confidence.length; i++) {
            int bin = Math.min(BINS - 1, (int) (confidence[i] * BINS));
            difference[bin] += confidence[i] - (right[i] ? 1 : 0);
        }
        return Arrays.stream(difference).map(Math::abs).sum() / confidence.length;
    }

    /** Returns the probability that one of the positive has the higher value; equal ones count half; NaN without. */
    static double auc(double[] values, boolean[] positive) {
        Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double ranks = 0;
        long positives = 0;
        for (int from = 0; from < order.length; ) {
            int to = from;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                if (positive[order[i]]) {
                    ranks += (from + 1 + to) / 2.0;
                    positives++;
                }
            }
            from = to;
        }
        double negatives = values.length - positives;
        return (ranks - positives * (positives + 1) / 2.0) / (positives * negatives);
    }

    private static List<Risk> riskCoverage(double[] confidence, boolean[] right) {
        Integer[] order = IntStream.range(0, confidence.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> -confidence[i]));
        List<Risk> risks = new ArrayList<>();
        for (double coverage : COVERAGES) {
            int kept = Math.max(1, (int) Math.round(coverage * order.length));
            double wrong = Arrays.stream(order, 0, kept).filter(i -> !right[i]).count() / (double) kept;
            risks.add(new Risk(coverage, confidence[order[kept - 1]], wrong));
        }
        return risks;
    }

    /** Returns the mean of some of the values; NaN of none. */
    static double mean(List<JudgedCaption> captions, double[] values, @Nullable Integer dataSet) {
        return IntStream.range(0, captions.size())
                .filter(i -> dataSet == null || captions.get(i).dataSet() == dataSet)
                .mapToDouble(i -> values[i])
                .average()
                .orElse(Double.NaN);
    }
}
