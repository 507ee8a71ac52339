package io.captioner.training;

import io.captioner.model.DecodeOptions;
import io.captioner.text.Vocabulary;
import io.captioner.training.checkpoint.CheckpointStore;
import io.captioner.training.checkpoint.TrainingState;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.graph.DecodedCaption;
import io.captioner.training.graph.TrainingGraph;
import io.captioner.training.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.types.TFloat16;

/** The training loop: epochs of steps, each with its validation, until there is nothing more to gain. */
final class Trainer {
    private static final Logger log = LoggerFactory.getLogger(Trainer.class);
    private static final int DECODE_BATCH = 50;
    private static final double LOSS_MEMORY = 0.98;

    private final TrainingProperties properties;
    private final TrainingGraph graph;
    private final CheckpointStore checkpoints;
    private final RunLog runLog;
    private final Progress progress;

    /**
     * What is trained on.
     *
     * @param examples training captions
     * @param photos features of the training photos
     * @param validation validation photos with people's captions
     * @param validationPhotos their features, in the same order
     */
    record Material(
            List<Example> examples,
            Photos photos,
            List<CaptionedPhoto> validation,
            Photos validationPhotos,
            Vocabulary vocabulary) {}

    Trainer(
            TrainingProperties properties,
            TrainingGraph graph,
            CheckpointStore checkpoints,
            RunLog runLog,
            Progress progress) {
        this.properties = properties;
        this.graph = graph;
        this.checkpoints = checkpoints;
        this.runLog = runLog;
        this.progress = progress;
    }

    /**
     * Trains from where the run directory left off, and leaves the best weights in the graph.
     *
     * @param run tells runs apart whose checkpoints do not fit each other
     * @return the validation of the best weights
     * @throws IllegalStateException if the checkpoints belong to another run, or the loss is no number any more
     */
    Validation train(Material material, String run) {
        TrainingState state = resume(run);
        int stepsPerEpoch = (material.examples().size() + optimiser().batchSize() - 1)
                / optimiser().batchSize();
        LearningRateSchedule schedule = new LearningRateSchedule(
                optimiser().learningRate(),
                optimiser().warmupSteps(),
                stepsPerEpoch * optimiser().epochs(),
                optimiser().lastRate());
        while (state.epoch() < optimiser().epochs()
                && state.epochsWithoutGain() < optimiser().patience()) {
            state = epoch(material, state, stepsPerEpoch, schedule);
            Validation validation = validate(material);
            state = state.afterEpoch(validation.scores().ciderD());
            checkpoints.save(state, graph::save);
            runLog.epoch(state, validation.figures());
            log.info(
                    "epoch {}: {}{}",
                    state.epoch(),
                    figures(validation),
                    state.epochsWithoutGain() == 0 ? " (best so far)" : "");
        }
        graph.restore(checkpoints.variables(state.bestStep()));
        return validate(material);
    }

    private TrainingState resume(String run) {
        TrainingState state = checkpoints.newest().orElse(TrainingState.initial(run));
        if (!state.run().equals(run)) {
            throw new IllegalStateException(
                    "the checkpoints in %s belong to a run with other settings or data; set captioner.training.run-directory to a new directory"
                            .formatted(properties.runDirectory()));
        }
        if (state.step() > 0) {
            graph.restore(checkpoints.variables(state.step()));
            log.info("resumed after step {} of epoch {}", state.step(), state.epoch() + 1);
        }
        return state;
    }

    private TrainingState epoch(
            Material material, TrainingState from, int stepsPerEpoch, LearningRateSchedule schedule) {
        List<EpochPlan.Batch> batches = EpochPlan.batches(
                material.examples(),
                optimiser().batchSize(),
                properties.data().mirror(),
                properties.seed(),
                from.epoch());
        TrainingState state = from;
        double loss = Double.NaN;
        try (Progress.Task task = progress.start(
                "epoch %d of %d".formatted(from.epoch() + 1, optimiser().epochs()), stepsPerEpoch)) {
            int done = from.step() - from.epoch() * stepsPerEpoch;
            task.step(done, "");
            for (EpochPlan.Batch batch : batches.subList(done, batches.size())) {
                int step = state.step() + 1;
                double stepLoss =
                        step(material, batch, schedule.plan(step, optimiser().scheduledSampling()));
                loss = Double.isNaN(loss) ? stepLoss : LOSS_MEMORY * loss + (1 - LOSS_MEMORY) * stepLoss;
                state = state.atStep(step);
                runLog.step(step, stepLoss, schedule.at(step));
                if (step % optimiser().checkpointSteps() == 0) {
                    checkpoints.save(state, graph::save);
                }
                task.step(1, String.format(Locale.ROOT, "loss %.3f", loss));
            }
        }
        return state;
    }

    private double step(Material material, EpochPlan.Batch batch, TrainingGraph.StepPlan plan) {
        try (TFloat16 features = material.photos().features(batch)) {
            TrainingGraph.StepResult result = graph.step(
                    features, batch.examples().stream().map(Example::words).toList(), plan);
            if (!Double.isFinite(result.loss()) || !Double.isFinite(result.gradientNorm())) {
                throw new IllegalStateException(
                        "step %d: loss %s, gradient norm %s on photos %s; lower captioner.training.optimiser.learning-rate and start again to resume from the last checkpoint"
                                .formatted(
                                        plan.number(),
                                        result.loss(),
                                        result.gradientNorm(),
                                        batch.examples().stream()
                                                .map(Example::photo)
                                                .toList()));
            }
            return result.loss();
        }
    }

    private Validation validate(Material material) {
        return Validation.of(material.validation(), decode(material), material.vocabulary());
    }

    private List<DecodedCaption> decode(Material material) {
        DecodeOptions options = properties.decoding().options();
        int photos = material.validation().size();
        List<DecodedCaption> decoded = new ArrayList<>();
        try (Progress.Task task = progress.start("validation", photos)) {
            for (int from = 0; from < photos; from += DECODE_BATCH) {
                int to = Math.min(photos, from + DECODE_BATCH);
                try (TFloat16 features = material.validationPhotos()
                        .features(IntStream.range(from, to).boxed().toList())) {
                    decoded.addAll(graph.decode(features, options));
                }
                task.step(to - from, "");
            }
        }
        return decoded;
    }

    private TrainingProperties.Optimiser optimiser() {
        return properties.optimiser();
    }

    static String figures(Validation validation) {
        StringBuilder text = new StringBuilder();
        validation
                .figures()
                .forEach((name, value) -> text.append(text.isEmpty() ? "" : ", ")
                        .append(String.format(Locale.ROOT, "%s %.4f", name, value)));
        return text.toString();
    }
}
