package io.captioner.training;

import io.captioner.text.CaptionTokenizer;
import io.captioner.training.graph.TrainingGraph;
import io.captioner.training.graph.TrainingGraph.StepPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.types.TFloat16;

/** Towards people's captions: masked cross-entropy with teacher forcing, and as much of its own words as is set. */
final class CrossEntropy implements Objective {
    private final TrainingProperties properties;
    private final TrainingGraph graph;
    private final Trainer.Material material;
    private final LearningRateSchedule schedule;

    CrossEntropy(TrainingProperties properties, TrainingGraph graph, Trainer.Material material) {
        this.properties = properties;
        this.graph = graph;
        this.material = material;
        this.schedule = new LearningRateSchedule(
                properties.optimiser().learningRate(),
                properties.optimiser().warmupSteps(),
                stepsPerEpoch() * epochs(),
                properties.optimiser().lastRate());
    }

    @Override
    public int epochs() {
        return properties.optimiser().epochs();
    }

    @Override
    public int stepsPerEpoch() {
        int batch = properties.optimiser().batchSize();
        return (material.examples().size() + batch - 1) / batch;
    }

    @Override
    public List<Step> epoch(int number) {
        List<Step> steps = new ArrayList<>();
        EpochPlan.batches(
                        material.examples(),
                        properties.optimiser().batchSize(),
                        properties.data().mirror(),
                        properties.seed(),
                        number)
                .forEach(batch -> steps.add(new CaptionStep(batch)));
        return steps;
    }

    private final class CaptionStep implements Step {
        private final EpochPlan.Batch batch;

        CaptionStep(EpochPlan.Batch batch) {
            this.batch = batch;
        }

        @Override
        public Taken take(int number) {
            StepPlan plan = schedule.plan(number, properties.optimiser().scheduledSampling());
            try (TFloat16 features = material.photos().features(batch)) {
                List<int[]> captions =
                        batch.examples().stream().map(Example::words).toList();
                return new Taken(graph.step(features, captions, plan), plan.learningRate());
            }
        }

        @Override
        public List<Map<String, Object>> describe() {
            List<Map<String, Object>> captions = new ArrayList<>();
            for (int i = 0; i < batch.examples().size(); i++) {
                Example example = batch.examples().get(i);
                captions.add(Map.of(
                        "image",
                        material.images().get(example.photo()),
                        "mirrored",
                        batch.mirrored().get(i),
                        "caption",
                        CaptionTokenizer.sentence(material.vocabulary().words(example.words()))));
            }
            return captions;
        }
    }
}
