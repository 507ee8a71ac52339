package io.captioner.training.run;

import io.captioner.model.DecodeOptions;
import io.captioner.model.Sampling;
import io.captioner.training.graph.DecodedCaption;
import io.captioner.training.graph.TrainingGraph.StepPlan;
import io.captioner.training.graph.TrainingGraph.StepResult;
import io.captioner.training.metrics.CiderReward;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.tensorflow.types.family.TType;

/**
 * Towards captions of a high CIDEr-D: self-critical sequence training (Rennie et al. 2017). For each photo captions are
 * drawn; those that score better than the greedy caption become likelier, the others less so. Drawn captions that came
 * to no end are left out. An encoder that was trained stays as it is.
 */
final class SelfCritical implements Objective {
    private final TrainingProperties properties;
    private final TrainingData material;
    private final TrainingSessions.Stage stage;
    private final CiderReward reward;
    private final int photosPerStep;

    /** @param reward scores captions of the training photos by their number */
    SelfCritical(
            TrainingProperties properties, TrainingData material, TrainingSessions.Stage stage, CiderReward reward) {
        this.properties = properties;
        this.material = material;
        this.stage = stage;
        this.reward = reward;
        this.photosPerStep = Math.max(
                1,
                properties.optimiser().batchSize() / properties.selfCritical().samples());
    }

    @Override
    public int epochs() {
        return properties.selfCritical().epochs();
    }

    @Override
    public List<Step> epoch(int number) {
        List<Integer> order = new ArrayList<>(
                IntStream.range(0, material.training().size()).boxed().toList());
        Collections.shuffle(order, new Random(properties.seed() * 1_000_003L + number));
        List<Step> steps = new ArrayList<>();
        for (int from = 0; from < order.size(); from += photosPerStep) {
            steps.add(new PhotoStep(order.subList(from, Math.min(order.size(), from + photosPerStep))));
        }
        return steps;
    }

    private final class PhotoStep implements Step {
        private final List<Integer> photos;

        PhotoStep(List<Integer> photos) {
            this.photos = photos;
        }

        @Override
        public Taken take(int number) {
            float rate = (float) properties.selfCritical().learningRate();
            Drawn drawn = draw(number);
            if (drawn.captions().isEmpty()) {
                return new Taken(new StepResult(0, 0), rate);
            }
            try (TType photographs = stage.training().plain(drawn.photos())) {
                float[] advantages = new float[drawn.advantages().size()];
                for (int i = 0; i < advantages.length; i++) {
                    advantages[i] = drawn.advantages().get(i);
                }
                return new Taken(
                        stage.graph()
                                .reinforce(photographs, drawn.captions(), advantages, new StepPlan(number, rate, 0, 0)),
                        rate);
            }
        }

        private Drawn draw(int seed) {
            int maxWords = properties.data().maxWords();
            DecodeOptions greedily = new DecodeOptions(1, maxWords, 0);
            DecodeOptions byChance =
                    new DecodeOptions(properties.selfCritical().samples(), maxWords, 0, 0, new Sampling(1, 0, 1, seed));
            Drawn drawn = new Drawn(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            try (TType photographs = stage.training().plain(photos)) {
                List<List<DecodedCaption>> greedy = stage.graph().explore(photographs, greedily);
                List<List<DecodedCaption>> samples = stage.graph().explore(photographs, byChance);
                for (int n = 0; n < photos.size(); n++) {
                    int photo = photos.get(n);
                    double baseline = score(photo, greedy.get(n).get(0));
                    for (DecodedCaption sample : samples.get(n)) {
                        if (sample.finished()) {
                            drawn.photos().add(photo);
                            drawn.captions().add(sample.words());
                            drawn.advantages().add((float) (score(photo, sample) - baseline));
                        }
                    }
                }
            }
            return drawn;
        }

        private double score(int photo, DecodedCaption caption) {
            return reward.of(photo, material.vocabulary().words(caption.words()));
        }

        @Override
        public List<Map<String, Object>> describe() {
            return photos.stream()
                    .map(photo -> Map.<String, Object>of(
                            "image", material.training().get(photo).image()))
                    .toList();
        }
    }

    /** Drawn captions with their photos, and by how much each is better than the greedy one. */
    private record Drawn(List<Integer> photos, List<int[]> captions, List<Float> advantages) {}
}
