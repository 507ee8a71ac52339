package io.captioner.training.run;

import io.captioner.model.DecodeOptions.Sampling;
import io.captioner.model.DecodeOptions;
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
 * The objective of a high CIDEr-D: self-critical sequence training (Rennie et al. 2017). Captions are sampled for each
 * photo; those that score better than the greedy caption become likelier, the others less likely. Sampled captions that
 * were cut are left out. The encoder stays as it is.
 */
final class SelfCritical implements Objective {
    private final TrainingProperties properties;
    private final TrainingData data;
    private final TrainingSessions.TrainingSession session;
    private final CiderReward reward;
    private final int photosPerStep;

    /** @param reward scores captions of the training photos by their number */
    SelfCritical(
            TrainingProperties properties,
            TrainingData data,
            TrainingSessions.TrainingSession session,
            CiderReward reward) {
        this.properties = properties;
        this.data = data;
        this.session = session;
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
                IntStream.range(0, data.training().size()).boxed().toList());
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
            Samples sampled = sample(number);
            if (sampled.captions().isEmpty()) {
                return new Taken(new StepResult(0, 0), rate);
            }
            try (TType photographs = session.training().plain(sampled.photos())) {
                float[] advantages = new float[sampled.advantages().size()];
                for (int i = 0; i < advantages.length; i++) {
                    advantages[i] = sampled.advantages().get(i);
                }
                return new Taken(
                        session.graph()
                                .reinforce(
                                        photographs, sampled.captions(), advantages, new StepPlan(number, rate, 0, 0)),
                        rate);
            }
        }

        private Samples sample(int seed) {
            int maxWords = properties.data().maxWords();
            DecodeOptions greedyOptions = new DecodeOptions(1, maxWords, 0);
            DecodeOptions samplingOptions =
                    new DecodeOptions(properties.selfCritical().samples(), maxWords, 0, 0, new Sampling(1, 0, 1, seed));
            Samples sampled = new Samples(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            try (TType photographs = session.training().plain(photos)) {
                List<List<DecodedCaption>> greedy = session.graph().explore(photographs, greedyOptions);
                List<List<DecodedCaption>> samples = session.graph().explore(photographs, samplingOptions);
                for (int n = 0; n < photos.size(); n++) {
                    int photo = photos.get(n);
                    double baseline = score(photo, greedy.get(n).get(0));
                    for (DecodedCaption sample : samples.get(n)) {
                        if (sample.finished()) {
                            sampled.photos().add(photo);
                            sampled.captions().add(sample.words());
                            sampled.advantages().add((float) (score(photo, sample) - baseline));
                        }
                    }
                }
            }
            return sampled;
        }

        private double score(int photo, DecodedCaption caption) {
            return reward.of(photo, data.vocabulary().words(caption.words()));
        }

        @Override
        public List<Map<String, Object>> describe() {
            return photos.stream()
                    .map(photo -> Map.<String, Object>of(
                            "image", data.training().get(photo).image()))
                    .toList();
        }
    }

    /** Sampled captions with their photos, and the score of each less the score of the greedy caption. */
    private record Samples(List<Integer> photos, List<int[]> captions, List<Float> advantages) {}
}
