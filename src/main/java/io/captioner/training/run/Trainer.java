package io.captioner.training.run;

import io.captioner.jobs.JobExitCodes;
import io.captioner.jobs.JobStoppedException;
import io.captioner.jobs.Progress;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.DecodeOptions;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.graph.DecodedCaption;
import io.captioner.training.graph.TrainingGraph;
import io.captioner.training.metrics.CaptionReward;
import io.captioner.training.metrics.GeneratedCaption;
import io.captioner.training.metrics.Validation;
import io.captioner.training.resume.CheckpointStore;
import io.captioner.training.resume.RunLog;
import io.captioner.training.resume.TrainingState;
import io.captioner.training.resume.TrainingState.Phase;
import io.captioner.training.weights.NamedWeights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ExitCodeGenerator;
import org.tensorflow.types.TFloat16;

/**
 * The training loop: epochs of steps, each followed by its validation, until no epoch improves the validation score.
 */
public final class Trainer {
    private static final Logger log = LoggerFactory.getLogger(Trainer.class);
    private static final int DECODE_BATCH = 50;
    private static final double MEMORY = 0.98;

    private final TrainingProperties properties;
    private final TrainingSessions sessions;
    private final CheckpointStore checkpoints;
    private final RunLog runLog;
    private final Progress progress;

    /**
     * The result of training: the weights with the best validation.
     *
     * @param decoderWeights the decoder's averaged weights by name
     * @param encoderWeights those of the encoder's that were trained
     */
    record Outcome(Validation validation, Map<String, float[]> decoderWeights, Map<String, float[]> encoderWeights) {
        /**
         * Returns all weights of the encoder.
         *
         * @param untrained those of the encoder before training
         */
        Map<String, float[]> encoderWeights(NamedWeights untrained) {
            Map<String, float[]> weights = new HashMap<>(untrained.arrays());
            weights.putAll(encoderWeights);
            return weights;
        }
    }

    Trainer(
            TrainingProperties properties,
            TrainingSessions sessions,
            CheckpointStore checkpoints,
            RunLog runLog,
            Progress progress) {
        this.properties = properties;
        this.sessions = sessions;
        this.checkpoints = checkpoints;
        this.runLog = runLog;
        this.progress = progress;
    }

    /**
     * Trains from the last checkpoint of the run directory, or from the start.
     *
     * @param run identifies runs whose checkpoints fit each other
     * @throws UnusableJobException if the checkpoints belong to another run
     * @throws DivergedException if the loss is not a finite number; the last checkpoint is older
     */
    Outcome train(TrainingData data, String run) {
        TrainingState state = resume(run);
        if (properties.startFrom() != null && !state.best().isValidated()) {
            Validation start = validate(data);
            state = state.startingAt(start.scores().ciderD(), start.scores().ties());
            save(state);
            log.info("start: {}", start.summary());
        }
        for (Phase phase : planned()) {
            if (phase.compareTo(state.phase()) > 0) {
                state = begin(phase, state);
            }
            if (phase == state.phase()) {
                state = phase(data, state, objective(data, state));
                sessions.open(state.best().tuned(), Map.of());
                checkpoints.restore(state.best().step(), graph()::restore);
            }
        }
        graph().round(properties.weightFormat());
        return new Outcome(validate(data), graph().decoderWeights(), graph().encoderWeights());
    }

    private List<Phase> planned() {
        List<Phase> planned = new ArrayList<>();
        if (properties.optimiser().epochs() > 0) {
            planned.add(Phase.CROSS_ENTROPY);
        }
        if (properties.fineTuning().epochs() > 0) {
            planned.add(Phase.FINE_TUNING);
        }
        if (properties.selfCritical().epochs() > 0) {
            planned.add(Phase.SELF_CRITICAL);
        }
        if (planned.isEmpty()) {
            throw new UnusableJobException(
                    "there is nothing to train: set captioner.training.optimiser.epochs, captioner.training.fine-tuning.epochs or captioner.training.self-critical.epochs");
        }
        return planned;
    }

    /** Begins a phase with the best weights of those before it. */
    private TrainingState begin(Phase phase, TrainingState state) {
        boolean withEncoder = phase == Phase.FINE_TUNING || sessions.current().tuned();
        if (withEncoder) {
            sessions.open(true, graph().decoderWeights());
        }
        log.info(
                phase == Phase.FINE_TUNING
                        ? "from here on the encoder is trained too"
                        : "from here on captions are sampled, and rewarded by their CIDEr-D and BLEU-4");
        return state.inPhase(phase, withEncoder);
    }

    private Objective objective(TrainingData data, TrainingState state) {
        TrainingSessions.TrainingSession session = sessions.current();
        return switch (state.phase()) {
            case CROSS_ENTROPY -> CrossEntropy.ofDecoder(properties, data, session);
            case FINE_TUNING -> CrossEntropy.fineTuning(properties, data, session, state.phaseStep());
            case SELF_CRITICAL ->
                new SelfCritical(
                        properties,
                        data,
                        session,
                        new CaptionReward(
                                data.training().stream()
                                        .map(CaptionedPhoto::captions)
                                        .toList(),
                                properties.selfCritical().bleuWeight()));
        };
    }

    private TrainingGraph graph() {
        return sessions.current().graph();
    }

    private TrainingState phase(TrainingData data, TrainingState from, Objective objective) {
        TrainingState state = from;
        while (state.epoch() - state.phaseStart() < objective.epochs()
                && state.epochsWithoutGain() < optimiser().patience()) {
            state = epoch(state, objective);
            Validation validation = validate(data);
            state = state.afterEpoch(
                    validation.scores().ciderD(), validation.scores().ties());
            runLog.epoch(state, validation.figures());
            save(state);
            log.info(
                    "epoch {}: {}{}",
                    state.epoch(),
                    validation.summary(),
                    state.epochsWithoutGain() == 0 ? " (best so far)" : "");
        }
        return state;
    }

    private TrainingState resume(String run) {
        TrainingState state = checkpoints.newest().orElse(TrainingState.initial(run));
        if (!state.run().equals(run)) {
            throw new UnusableJobException(
                    "the checkpoints in %s belong to a run with other settings or data; set captioner.training.run-directory to a new directory"
                            .formatted(properties.runDirectory()));
        }
        sessions.open(state.tuned(), Map.of());
        if (state.step() > 0) {
            checkpoints.restore(state.step(), graph()::restore);
            checkpoints.prune(state);
            log.info("resumed after step {} of epoch {}", state.step(), state.epoch() + 1);
        }
        runLog.resume(state);
        return state;
    }

    private void save(TrainingState state) {
        runLog.force();
        checkpoints.save(state, graph()::save);
    }

    private TrainingState epoch(TrainingState from, Objective objective) {
        List<Objective.Step> steps = objective.epoch(from.epoch());
        TrainingState state = from;
        double mean = Double.NaN;
        String name = "epoch %d of %d".formatted(from.epoch() + 1, from.phaseStart() + objective.epochs());
        try (Progress.Task task = progress.start(name, steps.size())) {
            int done = from.step() - from.epochStart();
            task.step(done, "");
            for (int i = done; i < steps.size(); i++) {
                Objective.Step next = steps.get(i);
                state = state.atStep(state.step() + 1);
                next.prepare(state.step());
                if (i + 1 < steps.size()) {
                    steps.get(i + 1).prepare(state.step() + 1);
                }
                Objective.Taken taken = next.take(state.step());
                if (!taken.result().isFinite()) {
                    throw diverged(next, state, taken);
                }
                double shown = taken.reward() == null ? taken.result().loss() : taken.reward();
                mean = Double.isNaN(mean) ? shown : MEMORY * mean + (1 - MEMORY) * shown;
                runLog.step(state.step(), taken.result(), taken.learningRate(), taken.reward());
                if (state.step() % optimiser().checkpointSteps() == 0 || i + 1 == steps.size()) {
                    save(state);
                }
                count(
                        task,
                        String.format(Locale.ROOT, "%s %.3f", taken.reward() == null ? "loss" : "reward", mean),
                        state);
            }
        }
        return state;
    }

    /** Counts a step; the checkpoint of a job that is told to stop here is saved. */
    private void count(Progress.Task task, String remark, TrainingState state) {
        try {
            task.step(1, remark);
        } catch (JobStoppedException stopped) {
            save(state);
            throw stopped;
        }
    }

    private DivergedException diverged(Objective.Step step, TrainingState state, Objective.Taken taken) {
        TrainingGraph.StepResult result = taken.result();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("step", state.step());
        facts.put("epoch", state.epoch() + 1);
        facts.put("loss", Double.toString(result.loss()));
        facts.put("gradientNorm", Double.toString(result.gradientNorm()));
        facts.put("learningRate", taken.learningRate());
        facts.put("batch", step.describe());
        return new DivergedException(
                "step %d of epoch %d: loss %s, gradient norm %s; its photos and captions are in %s. The last checkpoint is intact. Check there for a faulty photo or caption, or lower captioner.training.optimiser.learning-rate, and start anew with another captioner.training.run-directory"
                        .formatted(
                                state.step(),
                                state.epoch() + 1,
                                result.loss(),
                                result.gradientNorm(),
                                runLog.diverged(facts)));
    }

    private Validation validate(TrainingData data) {
        List<GeneratedCaption> captions = new ArrayList<>();
        for (DecodedCaption caption : decode(data)) {
            List<String> words = data.vocabulary().words(caption.words());
            captions.add(GeneratedCaption.of(
                    data.vocabulary().sentence(caption.words()),
                    words,
                    caption.attention(),
                    data.grid().rows(),
                    data.grid().columns()));
        }
        return Validation.of(data.validation(), captions);
    }

    private List<DecodedCaption> decode(TrainingData data) {
        DecodeOptions options = properties.decoding().options();
        int photos = data.validation().size();
        List<DecodedCaption> decoded = new ArrayList<>();
        try (Progress.Task task = progress.start("validation", photos)) {
            for (int from = 0; from < photos; from += DECODE_BATCH) {
                int to = Math.min(photos, from + DECODE_BATCH);
                try (TFloat16 features = sessions.current()
                        .validation()
                        .features(IntStream.range(from, to).boxed().toList())) {
                    decoded.addAll(graph().decode(features, options));
                }
                task.step(to - from, "");
            }
        }
        return decoded;
    }

    private TrainingProperties.Optimiser optimiser() {
        return properties.optimiser();
    }

    /** Says that a step's loss is no number any more, and where its batch is described. */
    public static final class DivergedException extends RuntimeException implements ExitCodeGenerator {
        private static final long serialVersionUID = 1L;

        public DivergedException(String message) {
            super(message);
        }

        @Override
        public int getExitCode() {
            return JobExitCodes.DIVERGED;
        }
    }
}
