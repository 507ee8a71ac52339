package io.captioner.bench;

import io.captioner.training.encoder.Encoder;
import io.captioner.training.encoder.InceptionV3;
import io.captioner.training.features.FeatureCache.FeatureExtractor;
import io.captioner.training.weights.Precision;
import io.captioner.training.weights.RandomWeights;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Features of Inception-v3 by training's extractor, beside Keras' {@code Model.predict} of the same network. */
final class Features implements Bench.Scenario {
    private static final List<Integer> BATCHES = List.of(8, 16);
    private static final int ROUNDS = 3;
    private static final int SECONDS = 8;
    private static final int WARM_UP = 3;

    private final Encoder encoder = new InceptionV3();

    @Override
    public void run(Options options, Report report) throws Exception {
        Table table = new Table(
                "Features of Inception-v3, 299 x 299", "batch", "what", "images/s", "CPU s/image", "of Keras");
        Duration duration = options.seconds(SECONDS);
        int rounds = options.requests(ROUNDS);
        double worst = Double.POSITIVE_INFINITY;
        for (int batch : BATCHES) {
            Figures keras = new Figures();
            Figures single = new Figures();
            Figures half = new Figures();
            for (int round = 1; round <= rounds; round++) {
                measure(Precision.FLOAT32, batch, duration, single);
                if (options.python() != null) {
                    keras.measure(
                            options.keras("features.py", Integer.toString(batch), Long.toString(duration.toSeconds())));
                }
                measure(Precision.BFLOAT16, batch, duration, half);
                report.progress("batches of %d, round %d of %d: float32 %s, Keras %s, bfloat16 %s images/s"
                        .formatted(batch, round, rounds, single.last(), keras.last(), half.last()));
            }
            row(table, batch, "float32", single, keras);
            row(table, batch, "bfloat16", half, keras);
            row(table, batch, "Keras", keras, keras);
            worst = Math.min(worst, single.medianPerSecond() / keras.medianPerSecond());
        }
        report.add(table);
        report.progress("this machine trains with " + Precision.ofThisMachine());
        if (options.python() != null) {
            report.add(Report.Verdict.atLeast("images/s in float32, of Keras'", 1.0, worst));
        }
    }

    private static void row(Table table, int batch, String what, Figures rounds, Figures keras) {
        table.row(
                batch,
                what,
                rounds.medianPerSecond(),
                rounds.medianCpuSecondsEach(),
                rounds.medianPerSecond() / keras.medianPerSecond());
    }

    private void measure(Precision precision, int batch, Duration duration, Figures figures) {
        byte[] images = new byte
                [batch * encoder.inputSize().width() * encoder.inputSize().height() * 3];
        new Random(1).nextBytes(images);
        try (FeatureExtractor extractor =
                new FeatureExtractor(encoder, RandomWeights.of(encoder.weights(), 1), precision)) {
            for (int i = 0; i < WARM_UP; i++) {
                extractor.extract(images);
            }
            figures.measure(duration, () -> {
                extractor.extract(images);
                return batch;
            });
        }
    }
}
