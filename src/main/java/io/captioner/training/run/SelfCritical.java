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
            try (TType photographs = session.training().plain(photos)) {
                List<Sample> samples = sample(photographs, number);
                if (samples.isEmpty()) {
                    return new Taken(new StepResult(0, 0), rate, 0.0);
                }
                StepResult result = session.graph()
                        .reinforce(
                                photographs,
                                samples.stream().map(Sample::row).toList(),
                                samples.stream()
                                        .map(sample -> sample.caption().words())
                                        .toList(),
                                samples.stream().map(Sample::advantage).toList(),
                                new StepPlan(number, rate, 0, 0));
                return new Taken(
                        result,
                        rate,
                        samples.stream().mapToDouble(Sample::reward).average().orElseThrow());
            }
        }

        private List<Sample> sample(TType photographs, int seed) {
            SelfCriticalSettings settings = properties.selfCritical();
            DecodeOptions options = new DecodeOptions(
                    settings.samples(), properties.data().maxWords(), 0, 0, new Sampling(1, 0, settings.topP(), seed));
            List<List<DecodedCaption>> captions = session.graph().explore(photographs, options);
            return IntStream.range(0, photos.size())
                    .boxed()
                    .flatMap(row -> compared(row, captions.get(row)).stream())
                    .toList();
        }

        /** Returns the finished captions of a photo; a single one has nothing to be compared with. */
        private List<Sample> compared(int row, List<DecodedCaption> captions) {
            List<DecodedCaption> finished =
                    captions.stream().filter(DecodedCaption::finished).toList();
            int others = finished.size() - 1;
            if (others < 1) {
                return List.of();
            }
            double[] rewards = finished.stream()
                    .mapToDouble(caption ->
                            reward.of(photos.get(row), data.vocabulary().words(caption.words())))
                    .toArray();
            double sum = Arrays.stream(rewards).sum();
            return IntStream.rangeClosed(0, others)
                    .mapToObj(i -> new Sample(
                            row, finished.get(i), rewards[i], (float) (rewards[i] - (sum - rewards[i]) / others)))
                    .toList();
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
     * A sampled caption.
     *
     * @param row the place of its photo in the step
     * @param advantage its reward less the mean reward of the other captions of its photo
     */
    private record Sample(int row, DecodedCaption caption, double reward, float advantage) {}
}
