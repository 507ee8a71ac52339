package io.captioner.bench;

import io.captioner.training.decoder.DecoderKind;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.graph.TrainingGraph;
import io.captioner.training.graph.TrainingGraph.StepPlan;
import io.captioner.training.graph.TrainingSettings;
import io.captioner.training.weights.Precision;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat16;

/** A training step of decoders on features that are there already, beside the same decoder and step in Keras. */
final class TrainingStep implements Bench.Scenario {
    private static final List<DecoderKind> KINDS =
            List.of(DecoderKind.SOFT_ATTENTION_LSTM, DecoderKind.SOFT_ATTENTION_GRU);
    private static final DecoderSize SIZE = new DecoderSize(8000, 64, 2048, 512, 512, 256, 512, 512, 1, 0);
    private static final int CAPTIONS = 64;
    private static final List<Integer> ROWS =
            IntStream.range(0, CAPTIONS).boxed().toList();
    private static final List<Float> EQUAL = Collections.nCopies(CAPTIONS, 1f);
    private static final int TOKENS = 20;
    private static final int ROUNDS = 3;
    private static final int SECONDS = 6;
    private static final int WARM_UP = 3;

    @Override
    public void run(Options options, Report report) throws Exception {
        Table table = new Table(
                "A training step: 64 captions of 20 tokens, 8,000 words, features 64 x 2048",
                "decoder",
                "what",
                "ms/step",
                "captions/s",
                "CPU s/step",
                "of Keras' best");
        for (DecoderKind kind : KINDS) {
            Map<Precision, Figures> ours = rounds();
            Map<Precision, Figures> keras = rounds();
            for (int round = 1; round <= options.requests(ROUNDS); round++) {
                for (Precision precision : Precision.values()) {
                    measure(kind, precision, options, ours, keras);
                    report.progress("%s, round %d of %d, %s: %s steps/s, Keras %s"
                            .formatted(
                                    kind.label(),
                                    round,
                                    options.requests(ROUNDS),
                                    precision,
                                    of(ours, precision).last(),
                                    of(keras, precision).last()));
                }
            }
            double best = best(keras);
            for (Precision precision : Precision.values()) {
                row(table, kind, precision.name().toLowerCase(Locale.ROOT), of(ours, precision), best);
                row(table, kind, "Keras, " + precision.name().toLowerCase(Locale.ROOT), of(keras, precision), best);
            }
            if (options.python() != null) {
                report.add(Report.Verdict.atLeast(
                        "captions/s of the %s in the better precision, of Keras' better".formatted(kind.label()),
                        1.0,
                        best(ours) / best));
            }
        }
        report.add(table);
        report.progress("this machine trains with " + Precision.ofThisMachine());
    }

    private static void measure(
            DecoderKind kind,
            Precision precision,
            Options options,
            Map<Precision, Figures> ours,
            Map<Precision, Figures> keras)
            throws Exception {
        Duration duration = options.seconds(SECONDS);
        measure(kind, precision, duration, of(ours, precision));
        if (options.python() != null) {
            of(keras, precision)
                    .measure(options.keras(
                            "step.py",
                            kind.name().toLowerCase(Locale.ROOT),
                            precision.name().toLowerCase(Locale.ROOT),
                            Long.toString(duration.toSeconds())));
        }
    }

    private static void measure(DecoderKind kind, Precision precision, Duration duration, Figures figures) {
        TrainingSettings settings = new TrainingSettings(0, 0, 0, 0, false, 0, 0.01f, 0, 1, 5, 0.998f, precision);
        Random random = new Random(1);
        float[] values = new float[CAPTIONS * SIZE.cells() * SIZE.channels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat(0.125f, 0.5f);
        }
        List<int[]> captions = IntStream.range(0, CAPTIONS)
                .mapToObj(i -> random.ints(TOKENS - 1L, 4, SIZE.vocabulary()).toArray())
                .toList();
        try (TrainingGraph graph = new TrainingGraph(kind.of(SIZE), settings, List.of(TOKENS), 1, null, Map.of());
                TFloat16 features = TFloat16.tensorOf(
                        Shape.of(CAPTIONS, SIZE.cells(), SIZE.channels()), DataBuffers.of(values, true, false))) {
            Step step = new Step(graph, features, captions);
            for (int i = 0; i < WARM_UP; i++) {
                step.getAsDouble();
            }
            figures.measure(duration, step);
        }
    }

    /** Takes the next step whenever it is run. */
    private static final class Step implements DoubleSupplier {
        private final TrainingGraph graph;
        private final TFloat16 features;
        private final List<int[]> captions;
        private int number;

        Step(TrainingGraph graph, TFloat16 features, List<int[]> captions) {
            this.graph = graph;
            this.features = features;
            this.captions = captions;
        }

        @Override
        public double getAsDouble() {
            number++;
            if (!graph.step(features, ROWS, captions, EQUAL, new StepPlan(number, 1e-4f, 0, 0))
                    .isFinite()) {
                throw new IllegalStateException("bug: step " + number + " diverged");
            }
            return 1;
        }
    }

    private static void row(Table table, DecoderKind kind, String what, Figures rounds, double best) {
        table.row(
                kind.label(),
                what,
                1000 / rounds.medianPerSecond(),
                CAPTIONS * rounds.medianPerSecond(),
                rounds.medianCpuSecondsEach(),
                rounds.medianPerSecond() / best);
    }

    private static double best(Map<Precision, Figures> rounds) {
        return rounds.values().stream()
                .mapToDouble(Figures::medianPerSecond)
                .max()
                .orElse(Double.NaN);
    }

    private static Map<Precision, Figures> rounds() {
        Map<Precision, Figures> rounds = new EnumMap<>(Precision.class);
        for (Precision precision : Precision.values()) {
            rounds.put(precision, new Figures());
        }
        return rounds;
    }

    private static Figures of(Map<Precision, Figures> rounds, Precision precision) {
        return rounds.getOrDefault(precision, new Figures());
    }
}
