package io.captioner.training.run;

import io.captioner.training.features.EpochPlan;
import io.captioner.training.features.EpochPlan.Example;
import io.captioner.training.graph.TrainingGraph.StepPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.types.family.TType;

/**
 * The objective of the reference captions: masked cross-entropy with teacher forcing and, where it is set, scheduled
 * sampling. First on a frozen encoder; then, as fine-tuning, with the encoder.
 */
final class CrossEntropy implements Objective {
    private final TrainingProperties properties;
    private final TrainingData data;
    private final TrainingSessions.TrainingSession session;
    private final PhaseHyperparameters hyperparameters;
    private final LearningRateSchedule schedule;

    /**
     * The hyperparameters in which the two phases differ.
     *
     * @param encoderShare the encoder's learning rate as a share of the decoder's
     * @param rampsSampling whether the probability of scheduled sampling grows from 0
     * @param stepsBefore steps taken before the phase
     */
    private record PhaseHyperparameters(
            int epochs,
            int batchSize,
            double learningRate,
            float encoderShare,
            boolean rampsSampling,
            int stepsBefore) {
        int stepsPerEpoch(int examples) {
            return (examples + batchSize - 1) / batchSize;
        }
    }

    private CrossEntropy(
            TrainingProperties properties,
            TrainingData data,
            TrainingSessions.TrainingSession session,
            PhaseHyperparameters hyperparameters) {
        this.properties = properties;
        this.data = data;
        this.session = session;
        this.hyperparameters = hyperparameters;
        this.schedule = new LearningRateSchedule(
                hyperparameters.learningRate(),
                properties.optimiser().warmupSteps(),
                hyperparameters.stepsPerEpoch(data.examples().size()) * hyperparameters.epochs(),
                properties.optimiser().lastRate());
    }

    /** Returns the training of the decoder. */
    static CrossEntropy ofDecoder(
            TrainingProperties properties, TrainingData data, TrainingSessions.TrainingSession session) {
        TrainingProperties.Optimiser optimiser = properties.optimiser();
        PhaseHyperparameters hyperparameters = new PhaseHyperparameters(
                optimiser.epochs(), optimiser.batchSize(), optimiser.learningRate(), 0, true, 0);
        return new CrossEntropy(properties, data, session, hyperparameters);
    }

    /**
     * Returns the training of encoder and decoder.
     *
     * @param stepsBefore steps that were taken before it began
     */
    static CrossEntropy fineTuning(
            TrainingProperties properties,
            TrainingData data,
            TrainingSessions.TrainingSession session,
            int stepsBefore) {
        TrainingProperties.FineTuning tuning = properties.fineTuning();
        PhaseHyperparameters hyperparameters = new PhaseHyperparameters(
                tuning.epochs(),
                tuning.batchSize(),
                tuning.learningRate(),
                (float) (tuning.encoderLearningRate() / tuning.learningRate()),
                false,
                stepsBefore);
        return new CrossEntropy(properties, data, session, hyperparameters);
    }

    @Override
    public int epochs() {
        return hyperparameters.epochs();
    }

    @Override
    public List<Step> epoch(int number) {
        int size = hyperparameters.batchSize();
        boolean mirror = properties.data().mirror();
        long seed = properties.seed();
        // Only an encoder in training makes it pay to take captions of different lengths together.
        List<EpochPlan.Batch> batches = session.tuned()
                ? EpochPlan.ofWholePhotos(data.examples(), size, mirror, seed, number)
                : EpochPlan.batches(data.examples(), size, mirror, seed, number);
        return batches.stream().<Step>map(CaptionStep::new).toList();
    }

    private StepPlan plan(int number) {
        int step = number - hyperparameters.stepsBefore();
        float rate = schedule.at(step);
        return new StepPlan(step, rate, rate * hyperparameters.encoderShare(), samplingProbability(step));
    }

    /** Returns the probability with which a previous word is the decoder's own. */
    private float samplingProbability(int step) {
        float share = properties.optimiser().scheduledSampling();
        return hyperparameters.rampsSampling() ? share * Math.min(1, step / (float) schedule.totalSteps()) : share;
    }

    private final class CaptionStep implements Step {
        private final EpochPlan.Batch batch;

        CaptionStep(EpochPlan.Batch batch) {
            this.batch = batch;
        }

        @Override
        public void prepare(int number) {
            session.training().prepare(number, batch);
        }

        @Override
        public Taken take(int number) {
            StepPlan plan = plan(number);
            try (TType photos = session.training().varied(number, batch)) {
                List<int[]> captions =
                        batch.examples().stream().map(Example::words).toList();
                List<Float> weights =
                        batch.examples().stream().map(Example::weight).toList();
                return new Taken(
                        session.graph().step(photos, batch.rows(), captions, weights, plan), plan.learningRate(), null);
            }
        }

        @Override
        public List<Map<String, Object>> describe() {
            List<Map<String, Object>> captions = new ArrayList<>();
            for (int i = 0; i < batch.examples().size(); i++) {
                Example example = batch.examples().get(i);
                captions.add(Map.of(
                        "image",
                        data.training().get(example.photo()).image(),
                        "mirrored",
                        batch.mirrored().get(batch.rows().get(i)),
                        "caption",
                        data.vocabulary().sentence(example.words())));
            }
            return captions;
        }
    }

    /**
     * The learning rate by step: a linear warm-up, then half a cosine (Loshchilov and Hutter 2017, section 3, one
     * cycle).
     *
     * @param peak the highest rate
     * @param warmupSteps steps until the peak
     * @param totalSteps steps until the rate is {@code floor} of the peak
     * @param floor the last rate as a share of the peak
     */
    record LearningRateSchedule(double peak, int warmupSteps, int totalSteps, double floor) {
        /** Returns the rate of a step, counted from 1. */
        float at(int step) {
            double warmup = Math.min(1.0, step / (double) Math.max(1, warmupSteps));
            double progress = Math.min(1.0, (step - 1) / (double) totalSteps);
            return (float) (peak * warmup * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress))));
        }
    }
}
