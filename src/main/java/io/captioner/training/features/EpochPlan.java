package io.captioner.training.features;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
     * @param weight what its cross-entropy is multiplied by
     */
    @SuppressWarnings("ArrayRecordComponent") // one of tens of thousands, never changed
    public record Example(int photo, int[] words, float weight) {}

    /**
     * Examples of similar length.
     *
     * @param photos the photos of the examples
     * @param mirrored for each of the photos, whether it is mirrored
     * @param rows for each example, which of the photos is its own
     */
    public record Batch(List<Example> examples, List<Integer> photos, List<Boolean> mirrored, List<Integer> rows) {}

    /** Returns every example once, in batches by length whose order is shuffled; each has its photo to itself. */
    public static List<Batch> batches(List<Example> examples, int batchSize, boolean mirror, long seed, int epoch) {
        return plan(examples.stream().map(List::of).toList(), batchSize, mirror, seed, epoch);
    }

    /** Returns every example once as {@link #batches} does, but those of a photo together, with one copy of it. */
    public static List<Batch> ofWholePhotos(
            List<Example> examples, int batchSize, boolean mirror, long seed, int epoch) {
        Map<Integer, List<Example>> byPhoto = new LinkedHashMap<>();
        examples.forEach(example -> byPhoto.computeIfAbsent(example.photo(), photo -> new ArrayList<>())
                .add(example));
        return plan(List.copyOf(byPhoto.values()), batchSize, mirror, seed, epoch);
    }

    /** @param groups examples of one photo each, which stay together */
    private static List<Batch> plan(List<List<Example>> groups, int batchSize, boolean mirror, long seed, int epoch) {
        Random random = new Random(seed * 1_000_003L + epoch);
        List<List<Example>> order = new ArrayList<>(groups);
        Collections.shuffle(order, random);
        order.sort(Comparator.comparingInt(EpochPlan::longest));
        List<Batch> batches = new ArrayList<>();
        for (int from = 0, to; from < order.size(); from = to) {
            List<Example> examples = new ArrayList<>();
            List<Integer> photos = new ArrayList<>();
            List<Integer> rows = new ArrayList<>();
            for (to = from; to < order.size() && examples.size() < batchSize; to++) {
                for (Example example : order.get(to)) {
                    examples.add(example);
                    rows.add(photos.size());
                }
                photos.add(order.get(to).get(0).photo());
            }
            List<Boolean> mirrored =
                    photos.stream().map(photo -> mirror && random.nextBoolean()).toList();
            batches.add(new Batch(List.copyOf(examples), List.copyOf(photos), mirrored, List.copyOf(rows)));
        }
        Collections.shuffle(batches, random);
        return batches;
    }

    private static int longest(List<Example> group) {
        return group.stream().mapToInt(example -> example.words().length).max().orElse(0);
    }
}
