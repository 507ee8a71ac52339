package io.captioner.training.features;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The batches of one epoch, a pure function of the examples, the seed and the epoch's number: a run that is resumed
 * repeats the batches it would have had.
 */
public final class EpochPlan {
    private EpochPlan() {}

    /**
     * One caption to learn from.
     *
     * @param photo position of its photo in the feature cache
     * @param words ids without start and end
     */
    @SuppressWarnings("ArrayRecordComponent") // one of tens of thousands, never changed
    public record Example(int photo, int[] words) {}

    /**
     * Examples of similar length.
     *
     * @param mirrored for each example, whether its photo is mirrored
     */
    public record Batch(List<Example> examples, List<Boolean> mirrored) {
        /** Returns the photos of the examples. */
        List<Integer> photos() {
            return examples.stream().map(Example::photo).toList();
        }
    }

    /** Returns every example once, in batches by length whose order is shuffled. */
    public static List<Batch> batches(List<Example> examples, int batchSize, boolean mirror, long seed, int epoch) {
        Random random = new Random(seed * 1_000_003L + epoch);
        List<Example> order = new ArrayList<>(examples);
        Collections.shuffle(order, random);
        order.sort(Comparator.comparingInt(example -> example.words().length));
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < order.size(); from += batchSize) {
            List<Example> batch = List.copyOf(order.subList(from, Math.min(order.size(), from + batchSize)));
            batches.add(new Batch(
                    batch,
                    batch.stream()
                            .map(example -> mirror && random.nextBoolean())
                            .toList()));
        }
        Collections.shuffle(batches, random);
        return batches;
    }
}
