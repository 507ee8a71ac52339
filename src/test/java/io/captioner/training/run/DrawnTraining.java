package io.captioner.training.run;

import io.captioner.Jobs;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.Progress;
import io.captioner.training.PatchEncoder;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.weights.RandomWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * A training of a small decoder on drawn pictures, all within one directory; also a program of its own, to be killed.
 */
public final class DrawnTraining {
    private DrawnTraining() {}

    /** Trains in the directory that is the first argument, with settings {@code name=value} as the others. */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> settings = new HashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            String[] setting = arguments[i].split("=", 2);
            settings.put(setting[0], setting[1]);
        }
        job(Path.of(arguments[0]), settings).run(new DefaultApplicationArguments());
    }

    /** Draws the data set that {@link #job} reads. */
    public static void draw(Path directory, int each) throws IOException {
        int side = PatchEncoder.SIZE.width();
        DrawnDataSet.write(directory.resolve("data"), DrawnDataSet.draw(side, each, 1), DrawnDataSet.draw(side, 2, 2));
    }

    /** @param more settings below {@code captioner.training}, beside or instead of those here */
    public static TrainingJob job(Path directory, Map<String, String> more) {
        return job(directory, more, Jobs.silent());
    }

    public static TrainingJob job(Path directory, Map<String, String> more, Progress progress) {
        return job(settings(directory, more), new PatchEncoder(), progress);
    }

    /** Returns the settings of {@link #job}. */
    static TrainingProperties settings(Path directory, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.ofEntries(
                Map.entry("name", "drawn"),
                Map.entry("models", directory.resolve("models").toString()),
                Map.entry("run-directory", directory.resolve("run").toString()),
                Map.entry("cache-directory", directory.resolve("features").toString()),
                Map.entry("encoder.weights", "random"),
                Map.entry("data.name", "drawn balls"),
                Map.entry("data.licence", "none needed"),
                Map.entry(
                        "data.captions",
                        directory.resolve("data/captions.jsonl").toString()),
                Map.entry("data.photos", directory.resolve("data/photos").toString()),
                Map.entry("data.minimum-count", "1"),
                Map.entry("data.max-words", "7"),
                Map.entry("decoder.features", "48"),
                Map.entry("decoder.attention", "24"),
                Map.entry("decoder.embedding", "32"),
                Map.entry("decoder.hidden", "48"),
                Map.entry("optimiser.batch-size", "8"),
                Map.entry("optimiser.patience", "20"),
                Map.entry("optimiser.learning-rate", "3e-3"),
                Map.entry("optimiser.warmup-steps", "20"),
                Map.entry("optimiser.drop-features", "0.1"),
                Map.entry("optimiser.drop-embedding", "0.1"),
                Map.entry("optimiser.drop-output", "0.1"),
                Map.entry("optimiser.average-decay", "0.9")));
        settings.putAll(more);
        return new Binder(new MapConfigurationPropertySource(settings))
                .bind("", TrainingProperties.class)
                .get();
    }

    /** Returns a job with any encoder, its weights drawn. */
    static TrainingJob job(TrainingProperties properties, Encoder encoder, Progress progress) {
        return new TrainingJob(
                properties,
                encoder,
                () -> RandomWeights.of(encoder.weights(), 4),
                new PhotoDecoder(ImageLimits.defaults()),
                "unknown",
                progress,
                null);
    }
}
