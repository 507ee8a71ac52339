package io.captioner.training.graph;

import io.captioner.model.DecodeOptions;
import io.captioner.model.WordRules;
import io.captioner.text.Vocabulary;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.decoder.SoftAttentionLstm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** The decoder and its beam search written a second time, in plain double arithmetic and one hypothesis at a time. */
final class ReferenceDecoder {
    private static final WordRules.Ids NO_RULES = new WordRules.Ids(new int[0], new int[0], new int[0], new int[0]);

    private final DecoderSize size;
    final Map<String, float[]> weights = new HashMap<>();

    /** What is added to the logits of words that a hypothesis does not have. */
    final double[] prior;

    /** One hypothesis. */
    record Beam(
            List<Integer> tokens, List<Double> logProbs, List<double[]> alphas, double score, double[] h, double[] c) {
        boolean done() {
            return !tokens.isEmpty()
                    && (tokens.get(tokens.size() - 1) == Vocabulary.END
                            || tokens.get(tokens.size() - 1) == Vocabulary.PAD);
        }

        long words() {
            return tokens.stream()
                    .filter(token -> token != Vocabulary.END && token != Vocabulary.PAD)
                    .count();
        }
    }

    private record Step(double[] logProbs, double[] alpha, double[] h, double[] c) {}

    ReferenceDecoder(DecoderSize size, long seed) {
        this(size, seed, new double[size.vocabulary()]);
    }

    ReferenceDecoder(DecoderSize size, long seed, double[] prior) {
        this.size = size;
        this.prior = prior;
        Random random = new Random(seed);
        new SoftAttentionLstm(size).weightShapes().forEach((name, shape) -> {
            int count = 1;
            for (long dimension : shape) {
                count *= (int) dimension;
            }
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) random.nextGaussian() * 0.8f;
            }
            weights.put(name, values);
        });
    }

    /** Returns captions in the order of their expected similarity, as {@link Consensus} describes it. */
    static List<Beam> byConsensus(List<Beam> beams, float lengthPenalty) {
        Map<Beam, Double> expected = new HashMap<>();
        for (Beam candidate : beams) {
            double sum = 0;
            for (Beam other : beams) {
                double similarity =
                        (cosine(runs(candidate, 1), runs(other, 1)) + cosine(runs(candidate, 2), runs(other, 2))) / 2;
                sum += Math.exp(ranking(other, lengthPenalty) / 0.3) * similarity;
            }
            expected.put(candidate, sum);
        }
        return beams.stream()
                .sorted(Comparator.<Beam>comparingDouble(expected::get).reversed())
                .toList();
    }

    private static Map<List<Integer>, Integer> runs(Beam beam, int length) {
        Map<List<Integer>, Integer> counts = new HashMap<>();
        for (int from = 0; from + length <= beam.words(); from++) {
            counts.merge(beam.tokens().subList(from, from + length), 1, Integer::sum);
        }
        return counts;
    }

    private static double cosine(Map<List<Integer>, Integer> one, Map<List<Integer>, Integer> other) {
        double norm = Math.sqrt(product(one, one) * product(other, other));
        return norm == 0 ? 0 : product(one, other) / norm;
    }

    private static double product(Map<List<Integer>, Integer> one, Map<List<Integer>, Integer> other) {
        return one.entrySet().stream()
                .mapToDouble(entry -> entry.getValue() * (double) other.getOrDefault(entry.getKey(), 0))
                .sum();
    }

    /** Returns the K best of one image's captions, as the graph ranks them. */
    List<Beam> search(double[][] features, DecodeOptions options) {
        return search(features, options, NO_RULES);
    }

    /** Returns the same under rules about words; the best of those that have all required words. */
    List<Beam> search(double[][] features, DecodeOptions options, WordRules.Ids rules) {
        int maxWords = options.maxWords();
        double[][] a = project(features);
        List<Beam> beams = List.of(start(a));
        for (int step = 0; step <= maxWords; step++) {
            List<Beam> candidates = new ArrayList<>();
            for (Beam beam : beams) {
                if (beam.done()) {
                    candidates.add(beam);
                    continue;
                }
                Step next = step(a, beam);
                double[] allowed = step == maxWords
                        ? last(next.logProbs())
                        : free(edited(next.logProbs(), rules), beam.tokens(), options.noRepeatNgram());
                if (required(beam, rules) < rules.require().length) {
                    allowed[Vocabulary.END] = Double.NEGATIVE_INFINITY;
                    allowed[Vocabulary.PAD] = Double.NEGATIVE_INFINITY;
                }
                for (int word = 0; word < size.vocabulary(); word++) {
                    if (allowed[word] > Double.NEGATIVE_INFINITY) {
                        candidates.add(follow(beam, next, word, allowed[word]));
                    }
                }
            }
            candidates.sort(Comparator.comparingDouble(Beam::score).reversed());
            List<Beam> kept = new ArrayList<>();
            for (int words = 0; words <= rules.require().length; words++) {
                int number = words;
                candidates.stream()
                        .filter(beam -> required(beam, rules) == number)
                        .limit(options.beamWidth())
                        .forEach(kept::add);
            }
            beams = List.copyOf(kept);
            if (beams.stream().allMatch(Beam::done)) {
                break;
            }
        }
        return beams.stream()
                .filter(beam -> required(beam, rules) == rules.require().length)
                .sorted(Comparator.comparingDouble((Beam beam) -> ranking(beam, options.lengthPenalty()))
                        .reversed())
                .toList();
    }

    private static long required(Beam beam, WordRules.Ids rules) {
        return Arrays.stream(rules.require())
                .filter(word -> beam.tokens().contains(word))
                .count();
    }

    private static double[] edited(double[] logProbs, WordRules.Ids rules) {
        double[] edited = logProbs.clone();
        for (int i = 0; i < rules.mergeFrom().length; i++) {
            int to = rules.mergeTo()[i];
            edited[to] = Math.log(Math.exp(edited[to]) + Math.exp(logProbs[rules.mergeFrom()[i]]));
        }
        for (int word : rules.mergeFrom()) {
            edited[word] = Double.NEGATIVE_INFINITY;
        }
        for (int word : rules.avoid()) {
            edited[word] = Double.NEGATIVE_INFINITY;
        }
        return edited;
    }

    /** Returns the log-probabilities of the first word. */
    double[] next(double[][] features) {
        double[][] a = project(features);
        return step(a, start(a)).logProbs();
    }

    /** Returns the given caption followed to its end. */
    Beam score(double[][] features, int[] words) {
        double[][] a = project(features);
        Beam beam = start(a);
        for (int t = 0; t <= words.length; t++) {
            int word = t < words.length ? words[t] : Vocabulary.END;
            Step next = step(a, beam);
            beam = follow(beam, next, word, next.logProbs()[word]);
        }
        return beam;
    }

    static double ranking(Beam beam, double lengthPenalty) {
        return beam.score() / Math.pow(beam.words() + 1.0, lengthPenalty);
    }

    private static Beam follow(Beam beam, Step next, int word, double logProb) {
        return new Beam(
                append(beam.tokens(), word),
                append(beam.logProbs(), logProb),
                append(beam.alphas(), next.alpha()),
                beam.score() + logProb,
                next.h(),
                next.c());
    }

    private static <T> List<T> append(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }

    private static double[] free(double[] logProbs, List<Integer> past, int noRepeatNgram) {
        double[] allowed = logProbs.clone();
        allowed[Vocabulary.PAD] = Double.NEGATIVE_INFINITY;
        allowed[Vocabulary.START] = Double.NEGATIVE_INFINITY;
        allowed[Vocabulary.UNKNOWN] = Double.NEGATIVE_INFINITY;
        for (int word = 0; noRepeatNgram > 0 && word < allowed.length; word++) {
            List<Integer> longer = append(past, word);
            int from = Math.max(0, longer.size() - noRepeatNgram);
            List<Integer> run = longer.subList(from, longer.size());
            if (run.size() == noRepeatNgram && Collections.indexOfSubList(past, run) >= 0) {
                allowed[word] = Double.NEGATIVE_INFINITY;
            }
        }
        return allowed;
    }

    private double[] last(double[] logProbs) {
        double[] allowed = new double[logProbs.length];
        Arrays.fill(allowed, Double.NEGATIVE_INFINITY);
        allowed[Vocabulary.END] = logProbs[Vocabulary.END];
        allowed[Vocabulary.PAD] = Math.log1p(-Math.exp(logProbs[Vocabulary.END]));
        return allowed;
    }

    private double[][] project(double[][] features) {
        double[][] a = new double[features.length][];
        for (int i = 0; i < features.length; i++) {
            a[i] = dense(features[i], "features/kernel", "features/bias");
            for (int j = 0; j < a[i].length; j++) {
                a[i][j] = Math.max(0, a[i][j]);
            }
        }
        return a;
    }

    private Beam start(double[][] a) {
        double[] mean = new double[size.features()];
        for (double[] vector : a) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += vector[j] / a.length;
            }
        }
        return new Beam(
                List.of(),
                List.of(),
                List.of(),
                0,
                tanh(dense(mean, "initial/hidden/kernel", "initial/hidden/bias")),
                tanh(dense(mean, "initial/cell/kernel", "initial/cell/bias")));
    }

    private Step step(double[][] a, Beam beam) {
        int previous = beam.tokens().isEmpty()
                ? Vocabulary.START
                : beam.tokens().get(beam.tokens().size() - 1);
        double[] query = times(beam.h(), "attention/hidden/kernel");
        double[] e = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            double[] key = dense(a[i], "attention/annotation/kernel", "attention/annotation/bias");
            for (int j = 0; j < key.length; j++) {
                key[j] += query[j];
            }
            e[i] = times(tanh(key), "attention/score/kernel")[0] / size.temperature();
        }
        double[] alpha = exp(logSoftmax(e));
        double beta = sigmoid(dense(beam.h(), "gate/kernel", "gate/bias")[0]);
        double[] context = new double[size.features()];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < context.length; j++) {
                context[j] += beta * alpha[i] * a[i][j];
            }
        }
        double[] embedded = row("embedding", previous, size.embedding());
        double[] gates = dense(embedded, "lstm/input/kernel", "lstm/bias");
        double[] recurrent = times(concat(context, beam.h()), "lstm/recurrent/kernel");
        int units = size.hidden();
        double[] h = new double[units];
        double[] c = new double[units];
        for (int j = 0; j < units; j++) {
            double input = sigmoid(gates[j] + recurrent[j]);
            double forget = sigmoid(gates[units + j] + recurrent[units + j] + 1);
            double output = sigmoid(gates[2 * units + j] + recurrent[2 * units + j]);
            double candidate = Math.tanh(gates[3 * units + j] + recurrent[3 * units + j]);
            c[j] = forget * beam.c()[j] + input * candidate;
            h[j] = output * Math.tanh(c[j]);
        }
        double[] deep = dense(concat(context, h), "output/hidden/kernel", "output/hidden/bias");
        for (int j = 0; j < deep.length; j++) {
            deep[j] = Math.tanh(deep[j] + embedded[j]);
        }
        double[] logits = new double[size.vocabulary()];
        for (int word = 0; word < logits.length; word++) {
            double[] vector = row("embedding", word, size.embedding());
            logits[word] = weight("output/bias")[word] + (beam.tokens().contains(word) ? 0 : prior[word]);
            for (int j = 0; j < deep.length; j++) {
                logits[word] += deep[j] * vector[j];
            }
        }
        return new Step(logSoftmax(logits), alpha, h, c);
    }

    private double[] dense(double[] x, String kernel, String bias) {
        double[] y = times(x, kernel);
        for (int j = 0; j < y.length; j++) {
            y[j] += weight(bias)[j];
        }
        return y;
    }

    private double[] times(double[] x, String kernel) {
        float[] w = weight(kernel);
        double[] y = new double[w.length / x.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < y.length; j++) {
                y[j] += x[i] * w[i * y.length + j];
            }
        }
        return y;
    }

    private double[] row(String name, int row, int length) {
        double[] values = new double[length];
        for (int j = 0; j < length; j++) {
            values[j] = weight(name)[row * length + j];
        }
        return values;
    }

    private float[] weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    private static double[] concat(double[] x, double[] y) {
        double[] both = Arrays.copyOf(x, x.length + y.length);
        System.arraycopy(y, 0, both, x.length, y.length);
        return both;
    }

    private static double[] tanh(double[] x) {
        return Arrays.stream(x).map(Math::tanh).toArray();
    }

    private static double[] exp(double[] x) {
        return Arrays.stream(x).map(Math::exp).toArray();
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double[] logSoftmax(double[] x) {
        double max = Arrays.stream(x).max().orElseThrow();
        double sum = Arrays.stream(x).map(v -> Math.exp(v - max)).sum();
        return Arrays.stream(x).map(v -> v - max - Math.log(sum)).toArray();
    }
}
