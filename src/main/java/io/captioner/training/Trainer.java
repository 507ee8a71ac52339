package io.captioner.training;

import io.captioner.model.DecodeOptions;
import io.captioner.model.Manifest;
import io.captioner.text.CaptionTokenizer;
import io.captioner.text.Vocabulary;
import io.captioner.training.checkpoint.CheckpointStore;
import io.captioner.training.checkpoint.TrainingState;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.evaluation.SpokenCaption;
import io.captioner.training.graph.DecodedCaption;
import io.captioner.training.graph.TrainingGraph;
import io.captioner.training.progress.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
     * @param images names of the training photos
     * @param photos their features, in the same order
     * @param validation validation photos with people's captions
     * @param validationPhotos their features, in the same order
     * @param grid how the annotation vectors lie in a photo
     */
    record Material(
            List<Example> examples,
            List<String> images,
            Photos photos,
            List<CaptionedPhoto> validation,
            Photos validationPhotos,
            Vocabulary vocabulary,
            Manifest.Grid grid) {}

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
     * @throws UnusableRunException if the checkpoints belong to another run
     * @throws DivergedException if the loss is no number any more; the last checkpoint is from before that
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
            runLog.epoch(state, validation.figures());
            save(state);
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
            throw new UnusableRunException(
                    "the checkpoints in %s belong to a run with other settings or data; set captioner.training.run-directory to a new directory"
                            .formatted(properties.runDirectory()));
        }
        if (state.step() > 0) {
            graph.restore(checkpoints.variables(state.step()));
            log.info("resumed after step {} of epoch {}", state.step(), state.epoch() + 1);
        }
        runLog.resume(state);
        return state;
    }

    private void save(TrainingState state) {
        runLog.force();
        checkpoints.save(state, graph::save);
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
                TrainingGraph.StepResult result = step(material, batch, schedule.plan(step, optimiser().scheduledSampling()));
                if (!result.isFinite()) {
                    throw diverged(material, batch, state.atStep(step), result, schedule.at(step));
                }
                loss = Double.isNaN(loss) ? result.loss() : LOSS_MEMORY * loss + (1 - LOSS_MEMORY) * result.loss();
                state = state.atStep(step);
                runLog.step(step, result, schedule.at(step));
                if (step % optimiser().checkpointSteps() == 0) {
                    save(state);
                }
                task.step(1, String.format(Locale.ROOT, "loss %.3f", loss));
            }
        }
        return state;
    }

    private TrainingGraph.StepResult step(Material material, EpochPlan.Batch batch, TrainingGraph.StepPlan plan) {
        try (TFloat16 features = material.photos().features(batch)) {
            return graph.step(
                    features, batch.examples().stream().map(Example::words).toList(), plan);
        }
    }

    private DivergedException diverged(
            Material material,
            EpochPlan.Batch batch,
            TrainingState state,
            TrainingGraph.StepResult result,
            float learningRate) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("step", state.step());
        facts.put("epoch", state.epoch() + 1);
        facts.put("loss", Double.toString(result.loss()));
        facts.put("gradientNorm", Double.toString(result.gradientNorm()));
        facts.put("learningRate", learningRate);
        List<Map<String, Object>> examples = new ArrayList<>();
        for (int i = 0; i < batch.examples().size(); i++) {
            Example example = batch.examples().get(i);
            examples.add(Map.of(
                    "image",
                    material.images().get(example.photo()),
                    "mirrored",
                    batch.mirrored().get(i),
                    "caption",
                    CaptionTokenizer.sentence(material.vocabulary().words(example.words()))));
        }
        facts.put("batch", examples);
        return new DivergedException(
                "step %d of epoch %d: loss %s, gradient norm %s; its photos and captions are in %s. The last checkpoint is intact. Look for a faulty photo or caption there, or lower captioner.training.optimiser.learning-rate, and start anew with another captioner.training.run-directory"
                        .formatted(
                                state.step(),
                                state.epoch() + 1,
                                result.loss(),
                                result.gradientNorm(),
                                runLog.diverged(facts)));
    }

    private Validation validate(Material material) {
        List<SpokenCaption> spoken = new ArrayList<>();
        for (DecodedCaption caption : decode(material)) {
            List<String> words = material.vocabulary().words(caption.words());
            spoken.add(SpokenCaption.of(
                    CaptionTokenizer.sentence(words),
                    words,
                    caption.attention(),
                    material.grid().rows(),
                    material.grid().columns()));
        }
        return Validation.of(material.validation(), spoken);
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
