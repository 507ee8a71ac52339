package io.captioner.bench;

import io.captioner.training.encoder.InceptionV3;
import io.captioner.training.features.FeatureExtractor;
import io.captioner.training.features.Precision;
import io.captioner.training.graph.Encoder;
import io.captioner.training.weights.RandomWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Features of Inception-v3 by training's extractor, beside Keras' {@code Model.predict} of the same network. */
final class Features implements Scenario {
    private static final Path KERAS = Path.of("src/test/resources/io/captioner/bench/features.py");
    private static final List<Integer> BATCHES = List.of(8, 16);
    private static final int ROUNDS = 3;
    private static final int WARM_UP = 3;

    private final Encoder encoder = new InceptionV3();

    /** What was measured of one batch size, in images a second, a figure for each round. */
    private record Series(List<Double> wall, List<Double> cpu) {
        Series() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(double images, double seconds, double cpuSeconds) {
            wall.add(images / seconds);
            cpu.add(cpuSeconds / images);
        }

        static double median(List<Double> values) {
            return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
        }
    }

    @Override
    public void run(Options options, Report report) throws Exception {
        Table table = new Table(
                "Features of Inception-v3, 299 x 299", "batch", "what", "images/s", "CPU s/image", "of Keras");
        double worst = Double.POSITIVE_INFINITY;
        for (int batch : BATCHES) {
            Series keras = new Series();
            Series single = new Series();
            Series half = new Series();
            for (int round = 1; round <= ROUNDS; round++) {
                report.progress("batches of %d, round %d of %d".formatted(batch, round, ROUNDS));
                measure(Precision.FLOAT32, batch, options.seconds(20), single);
                if (options.python() != null) {
                    measureKeras(options.python(), batch, options.seconds(20), keras);
                }
                measure(Precision.BFLOAT16, batch, options.seconds(20), half);
            }
            table.row(
                    batch, "float32", Series.median(single.wall()), Series.median(single.cpu()), ratio(single, keras));
            table.row(batch, "bfloat16", Series.median(half.wall()), Series.median(half.cpu()), ratio(half, keras));
            table.row(batch, "Keras", Series.median(keras.wall()), Series.median(keras.cpu()), null);
            Double ratio = ratio(single, keras);
            worst = Math.min(worst, ratio == null ? Double.POSITIVE_INFINITY : ratio);
        }
        report.add(table);
        report.progress("this machine trains with " + Precision.ofThisMachine());
        if (options.python() != null) {
            report.add(Verdict.atLeast("images/s in float32, of Keras'", 1.0, worst));
        }
    }

    private void measure(Precision precision, int batch, Duration duration, Series series) {
        byte[] images = new byte
                [batch * encoder.inputSize().width() * encoder.inputSize().height() * 3];
        new Random(1).nextBytes(images);
        try (FeatureExtractor extractor =
                new FeatureExtractor(encoder, RandomWeights.of(encoder.weights(), 1), precision)) {
            for (int i = 0; i < WARM_UP; i++) {
                extractor.extract(images);
            }
            double cpu = ServerProcess.cpuSeconds(ProcessHandle.current());
            long start = System.nanoTime();
            int batches = 0;
            while (System.nanoTime() - start < duration.toNanos()) {
                extractor.extract(images);
                batches++;
            }
            series.add(
                    batches * batch,
                    (System.nanoTime() - start) / 1e9,
                    ServerProcess.cpuSeconds(ProcessHandle.current()) - cpu);
        }
    }

    /** Its last line says how many images, in how many seconds, with how many seconds of processor time. */
    private static void measureKeras(Path python, int batch, Duration duration, Series series)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        python.toString(),
                        KERAS.toString(),
                        Integer.toString(batch),
                        Long.toString(duration.toSeconds()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("%s failed: %s".formatted(KERAS, output));
        }
        String[] figures = output.substring(output.lastIndexOf('\n') + 1).split(" ");
        series.add(Double.parseDouble(figures[0]), Double.parseDouble(figures[1]), Double.parseDouble(figures[2]));
    }

    private static @Nullable Double ratio(Series ours, Series keras) {
        return keras.wall().isEmpty() ? null : Series.median(ours.wall()) / Series.median(keras.wall());
    }
}
