package io.captioner.training.run;

import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeOptions.Sampling;
import io.captioner.training.graph.DecodedCaption;
import io.captioner.training.graph.TrainingGraph.StepPlan;
import io.captioner.training.graph.TrainingGraph.StepResult;
import io.captioner.training.metrics.CaptionReward;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.tensorflow.types.family.TType;

/**
 * The objective of a high reward: self-critical sequence training (Rennie et al. 2017). Several captions are sampled
 * for each photo; those that score better than the mean of the photo's others (Luo 2020, "A better variant of
 * self-critical sequence training") become likelier, the others less likely. Sampled captions that were cut are left
 * out. The encoder stays as it is.
 */
final class SelfCritical implements Objective {
    private final TrainingProperties properties;
    private final TrainingData data;
    private final TrainingSessions.TrainingSession session;
    private final CaptionReward reward;
    private final int photosPerStep;

    /** @param reward scores captions of the training photos by their number */
    SelfCritical(
            TrainingProperties properties,
            TrainingData data,
            TrainingSessions.TrainingSession session,
            CaptionReward reward) {
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
                return new Taken(new StepResult(0, 0), rate, 0.0);
            }
            try (TType photographs = session.training().plain(photos)) {
                return new Taken(
                        session.graph()
                                .reinforce(
                                        photographs,
                                        sampled.rows(),
                                        sampled.captions(),
                                        sampled.advantages(),
                                        new StepPlan(number, rate, 0, 0)),
                        rate,
                        sampled.meanReward());
            }
        }

        private Samples sample(int seed) {
            DecodeOptions options = new DecodeOptions(
                    properties.selfCritical().samples(),
                    properties.data().maxWords(),
                    0,
                    0,
                    new Sampling(1, 0, 1, seed));
            Samples sampled = new Samples(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            try (TType photographs = session.training().plain(photos)) {
                List<List<DecodedCaption>> samples = session.graph().explore(photographs, options);
                for (int n = 0; n < photos.size(); n++) {
                    int photo = photos.get(n);
                    List<DecodedCaption> finished = samples.get(n).stream()
                            .filter(DecodedCaption::finished)
                            .toList();
                    sampled.add(n, finished, rewards(photo, finished));
                }
            }
            return sampled;
        }

        private double[] rewards(int photo, List<DecodedCaption> captions) {
            return captions.stream()
                    .mapToDouble(caption -> score(photo, caption))
                    .toArray();
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

    /**
     * Sampled captions.
     *
     * @param rows the place of each one's photo in the step
     * @param rewards of each
     * @param advantages reward of each less the mean reward of the other captions of its photo
     */
    private record Samples(List<Integer> rows, List<int[]> captions, List<Double> rewards, List<Float> advantages) {
        /** Adds the captions of a photo; a single one has nothing to be compared with. */
        void add(int row, List<DecodedCaption> ofPhoto, double[] rewardsOfPhoto) {
            double sum = Arrays.stream(rewardsOfPhoto).sum();
            int others = rewardsOfPhoto.length - 1;
            for (int i = 0; i <= others && others > 0; i++) {
                rows.add(row);
                captions.add(ofPhoto.get(i).words());
                rewards.add(rewardsOfPhoto[i]);
                advantages.add((float) (rewardsOfPhoto[i] - (sum - rewardsOfPhoto[i]) / others));
            }
        }

        double meanReward() {
            return rewards.stream().mapToDouble(reward -> reward).average().orElse(0);
        }
    }
}
