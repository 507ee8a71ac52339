package io.captioner.training.run;

import io.captioner.image.ImagePreparation;
import io.captioner.jobs.UnusableJobException;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.features.Augmentation;
import io.captioner.training.features.LivePhotos;
import io.captioner.training.features.PhotoReader;
import io.captioner.training.features.Photos;
import io.captioner.training.graph.EncoderTuning;
import io.captioner.training.graph.TrainingGraph;
import io.captioner.training.graph.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The training sessions of a run, one for each graph. At most one is open: each takes the memory that it needs. */
final class TrainingSessions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TrainingSessions.class);

    private final Decoder decoder;
    private final TrainingSettings settings;
    private final List<Integer> lengths;
    private final long seed;
    private final CachedFeatures cached;
    private final Map<String, float[]> initial;
    private final @Nullable FineTuning fineTuning;
    private @Nullable TrainingSession current;

    /**
     * A graph in training, with its photos.
     *
     * @param tuned whether it trains the encoder too
     */
    record TrainingSession(TrainingGraph graph, Photos training, Photos validation, boolean tuned) {}

    /** Features that the frozen encoder computed. */
    record CachedFeatures(Photos training, Photos validation) {}

    /**
     * The training of the encoder.
     *
     * @param lengths token counts for which steps are unrolled: few, because each has its own backward pass through the
     *     encoder
     */
    record FineTuning(
            EncoderTuning encoder,
            List<Integer> lengths,
            List<Path> training,
            List<Path> validation,
            PhotoReader reader,
            Augmentation augmentation) {}

    /**
     * No session is open yet.
     *
     * @param lengths token counts for which steps are unrolled on the frozen encoder
     * @param initial weights of the decoder by name to start with; the others are fresh
     * @param fineTuning null if the encoder stays frozen
     */
    TrainingSessions(
            Decoder decoder,
            TrainingSettings settings,
            List<Integer> lengths,
            long seed,
            CachedFeatures cached,
            Map<String, float[]> initial,
            @Nullable FineTuning fineTuning) {
        this.decoder = decoder;
        this.settings = settings;
        this.lengths = List.copyOf(lengths);
        this.seed = seed;
        this.cached = cached;
        this.initial = initial;
        this.fineTuning = fineTuning;
    }

    /** Returns the token counts for which a step is unrolled: close together where most captions are. */
    static List<Integer> stepLengths(int maxWords) {
        List<Integer> lengths = new ArrayList<>();
        for (int length = 6; length < maxWords + 1; length += length < 14 ? 2 : 3) {
            lengths.add(length);
        }
        lengths.add(maxWords + 1);
        return lengths;
    }

    /** Returns the open session. */
    TrainingSession current() {
        if (current == null) {
            throw new IllegalStateException("bug: no training session is open");
        }
        return current;
    }

    /**
     * Opens a session and closes the other; does nothing if it is open already.
     *
     * @param withEncoder whether the encoder is trained too
     * @param decoderWeights initial weights of the decoder by name; the others are fresh
     */
    void open(boolean withEncoder, Map<String, float[]> decoderWeights) {
        if (current != null && current.tuned() == withEncoder) {
            return;
        }
        close();
        TrainingSession opened = withEncoder ? tuned(decoderWeights) : frozen();
        log.info("{} parameters to train", opened.graph().parameterCount());
        current = opened;
    }

    @Override
    public void close() {
        TrainingSession open = current;
        current = null;
        if (open != null) {
            open.training().close();
            open.validation().close();
            open.graph().close();
        }
    }

    private TrainingSession frozen() {
        TrainingGraph graph = new TrainingGraph(decoder, settings, lengths, seed, null, initial);
        return new TrainingSession(graph, cached.training(), cached.validation(), false);
    }

    private TrainingSession tuned(Map<String, float[]> decoderWeights) {
        FineTuning tuning = fineTuning;
        if (tuning == null) {
            throw new UnusableJobException(
                    "the checkpoints are of a run that trains the encoder too; set captioner.training.fine-tuning.epochs as it was, or captioner.training.run-directory to a new directory");
        }
        TrainingGraph graph =
                new TrainingGraph(decoder, settings, tuning.lengths(), seed, tuning.encoder(), decoderWeights);
        ImagePreparation preparation = tuning.encoder().encoder().preparation();
        return new TrainingSession(
                graph,
                new LivePhotos(graph, tuning.training(), tuning.reader(), preparation, tuning.augmentation(), seed),
                new LivePhotos(graph, tuning.validation(), tuning.reader(), preparation, Augmentation.NONE, seed),
                true);
    }
}
