package io.captioner.training.run;

import io.captioner.image.ImageSize;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The graph that is trained, with the photos it is given: one at a time, for each fills the memory it needs. */
final class TrainingSessions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TrainingSessions.class);

    private final Decoder decoder;
    private final TrainingSettings settings;
    private final List<Integer> lengths;
    private final long seed;
    private final Cached cached;
    private final @Nullable Tuned tuned;
    private @Nullable Stage current;

    /**
     * A graph with its photos.
     *
     * @param tuned whether it trains the encoder too
     */
    record Stage(TrainingGraph graph, Photos training, Photos validation, boolean tuned) {}

    /** Features by the frozen encoder. */
    record Cached(Photos training, Photos validation) {}

    /**
     * How the encoder is trained.
     *
     * @param lengths for which steps are unrolled: few, for each has a way back through the encoder
     */
    record Tuned(
            EncoderTuning tuning,
            List<Integer> lengths,
            List<Path> training,
            List<Path> validation,
            PhotoReader reader,
            Augmentation augmentation) {}

    /**
     * Opens nothing yet.
     *
     * @param lengths for which steps are unrolled on the frozen encoder
     * @param tuned null if the encoder stays frozen
     */
    TrainingSessions(
            Decoder decoder,
            TrainingSettings settings,
            List<Integer> lengths,
            long seed,
            Cached cached,
            @Nullable Tuned tuned) {
        this.decoder = decoder;
        this.settings = settings;
        this.lengths = List.copyOf(lengths);
        this.seed = seed;
        this.cached = cached;
        this.tuned = tuned;
    }

    /** Returns the stage that was opened last. */
    Stage current() {
        if (current == null) {
            throw new IllegalStateException("bug: no stage is open");
        }
        return current;
    }

    /**
     * Makes a stage the current one, in place of the other; does nothing if it is already.
     *
     * @param withEncoder whether the encoder is trained too
     * @param decoderWeights where the decoder's training begins, by name; what is not named begins fresh
     */
    void open(boolean withEncoder, Map<String, float[]> decoderWeights) {
        if (current != null && current.tuned() == withEncoder) {
            return;
        }
        close();
        Stage opened = withEncoder ? tuned(decoderWeights) : frozen();
        log.info("{} parameters to train", opened.graph().parameterCount());
        current = opened;
    }

    @Override
    public void close() {
        Stage open = current;
        current = null;
        if (open != null) {
            open.training().close();
            open.validation().close();
            open.graph().close();
        }
    }

    private Stage frozen() {
        TrainingGraph graph = new TrainingGraph(decoder, settings, lengths, seed);
        return new Stage(graph, cached.training(), cached.validation(), false);
    }

    private Stage tuned(Map<String, float[]> decoderWeights) {
        Tuned how = tuned;
        if (how == null) {
            throw new UnusableJobException(
                    "the checkpoints are of a run that trains the encoder too; set captioner.training.fine-tuning.epochs as it was, or captioner.training.run-directory to a new directory");
        }
        TrainingGraph graph = new TrainingGraph(decoder, settings, how.lengths(), seed, how.tuning(), decoderWeights);
        ImageSize size = how.tuning().encoder().inputSize();
        return new Stage(
                graph,
                new LivePhotos(graph, how.training(), how.reader(), size, how.augmentation(), seed),
                new LivePhotos(graph, how.validation(), how.reader(), size, Augmentation.NONE, seed),
                true);
    }
}
