package io.captioner.training.run;

import io.captioner.training.features.EpochPlan;
import io.captioner.training.features.Example;
import io.captioner.training.graph.TrainingGraph.StepPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.types.family.TType;

/**
 * Towards people's captions: masked cross-entropy with teacher forcing, and as much of its own words as is set. First
 * on a frozen encoder; then, as fine-tuning, with the encoder.
 */
final class CrossEntropy implements Objective {
    private final TrainingProperties properties;
    private final TrainingData material;
    private final TrainingSessions.Stage stage;
    private final Course course;
    private final LearningRateSchedule schedule;

    /**
     * What the two trainings differ in.
     *
     * @param encoderShare the encoder's learning rate as a share of the decoder's
     * @param growing whether the share of previous words that are the decoder's own grows from 0
     * @param before steps taken before
     */
    private record Course(
            int epochs, int batchSize, double learningRate, float encoderShare, boolean growing, int before) {
        int stepsPerEpoch(int examples) {
            return (examples + batchSize - 1) / batchSize;
        }
    }

    private CrossEntropy(
            TrainingProperties properties, TrainingData material, TrainingSessions.Stage stage, Course course) {
        this.properties = properties;
        this.material = material;
        this.stage = stage;
        this.course = course;
        this.schedule = new LearningRateSchedule(
                course.learningRate(),
                properties.optimiser().warmupSteps(),
                course.stepsPerEpoch(material.examples().size()) * course.epochs(),
                properties.optimiser().lastRate());
    }

    /** Returns the training of the decoder. */
    static CrossEntropy ofDecoder(TrainingProperties properties, TrainingData material, TrainingSessions.Stage stage) {
        TrainingProperties.Optimiser optimiser = properties.optimiser();
        Course course = new Course(optimiser.epochs(), optimiser.batchSize(), optimiser.learningRate(), 0, true, 0);
        return new CrossEntropy(properties, material, stage, course);
    }

    /**
     * Returns the training of encoder and decoder.
     *
     * @param before steps that were taken before it began
     */
    static CrossEntropy fineTuning(
            TrainingProperties properties, TrainingData material, TrainingSessions.Stage stage, int before) {
        TrainingProperties.FineTuning tuning = properties.fineTuning();
        Course course = new Course(
                tuning.epochs(),
                tuning.batchSize(),
                tuning.learningRate(),
                (float) (tuning.encoderLearningRate() / tuning.learningRate()),
                false,
                before);
        return new CrossEntropy(properties, material, stage, course);
    }

    @Override
    public int epochs() {
        return course.epochs();
    }

    @Override
    public List<Step> epoch(int number) {
        List<Step> steps = new ArrayList<>();
        EpochPlan.batches(
                        material.examples(),
                        course.batchSize(),
                        properties.data().mirror(),
                        properties.seed(),
                        number)
                .forEach(batch -> steps.add(new CaptionStep(batch)));
        return steps;
    }

    private StepPlan plan(int number) {
        int step = number - course.before();
        float rate = schedule.at(step);
        return new StepPlan(step, rate, rate * course.encoderShare(), samplingProbability(step));
    }

    /** Returns the share of previous words that are the decoder's own. */
    private float samplingProbability(int step) {
        float share = properties.optimiser().scheduledSampling();
        return course.growing() ? share * Math.min(1, step / (float) schedule.totalSteps()) : share;
    }

    private final class CaptionStep implements Step {
        private final EpochPlan.Batch batch;

        CaptionStep(EpochPlan.Batch batch) {
            this.batch = batch;
        }

        @Override
        public void prepare(int number) {
            stage.training().prepare(number, batch);
        }

        @Override
        public Taken take(int number) {
            StepPlan plan = plan(number);
            try (TType photos = stage.training().varied(number, batch)) {
                List<int[]> captions =
                        batch.examples().stream().map(Example::words).toList();
                return new Taken(stage.graph().step(photos, captions, plan), plan.learningRate());
            }
        }

        @Override
        public List<Map<String, Object>> describe() {
            List<Map<String, Object>> captions = new ArrayList<>();
            for (int i = 0; i < batch.examples().size(); i++) {
                Example example = batch.examples().get(i);
                captions.add(Map.of(
                        "image",
                        material.training().get(example.photo()).image(),
                        "mirrored",
                        batch.mirrored().get(i),
                        "caption",
                        material.vocabulary().sentence(example.words())));
            }
            return captions;
        }
    }
}
