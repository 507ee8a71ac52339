package io.captioner.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle knows of the photos that it was trained on.
 *
 * @param familiarity where they lie
 * @param neighbours what people wrote of them; null for a bundle without {@link Bundle#NEIGHBOURS}
 */
public record TrainingPhotos(
        Familiarity familiarity, @Nullable Neighbours neighbours) {
    private static final double OF_SCORE = 0.03;

    /** @throws IllegalArgumentException if the directions have another length than the familiarity's */
    public TrainingPhotos {
        if (neighbours != null && neighbours.dimensions() != familiarity.dimensions() - 1) {
            throw new IllegalArgumentException("%s has directions of %d values, and %s has %d axes"
                    .formatted(
                            Bundle.NEIGHBOURS,
                            neighbours.dimensions(),
                            Bundle.FAMILIARITY,
                            familiarity.dimensions() - 1));
        }
    }

    /**
     * Reads the files of a bundle.
     *
     * @return null if it has no familiarity
     * @throws BrokenBundleException if one is malformed, or they do not fit each other
     */
    public static @Nullable TrainingPhotos read(Path bundle) {
        Familiarity familiarity = Familiarity.read(bundle);
        Neighbours neighbours = Neighbours.read(bundle);
        try {
            return familiarity == null ? null : new TrainingPhotos(familiarity, neighbours);
        } catch (IllegalArgumentException e) {
            throw new BrokenBundleException(bundle.resolve(Bundle.NEIGHBOURS), String.valueOf(e.getMessage()), e);
        }
    }

    /** Writes what {@link #read} reads, in place of what is there. */
    public void write(Path bundle) throws IOException {
        familiarity.write(bundle);
        Files.deleteIfExists(bundle.resolve(Bundle.NEIGHBOURS));
        if (neighbours != null) {
            neighbours.write(bundle);
        }
    }

    /**
     * Returns captions with the positions of their images and their support.
     *
     * @param beams the captions of each image
     * @param features the mean annotation vector of each image
     * @param consensus whether the captions of an image are put into the order of their support plus {@value #OF_SCORE}
     *     times their score, most first, and those that repeat themselves last, where neighbours are known
     */
    public List<List<Hypothesis>> place(List<List<Hypothesis>> beams, float[][] features, boolean consensus) {
        float[][] positions = Arrays.stream(features).map(familiarity::position).toArray(float[][]::new);
        IntStream images = IntStream.range(0, positions.length);
        if (neighbours == null) {
            return images.mapToObj(image -> at(beams.get(image), positions[image]))
                    .toList();
        }
        float[][] cosines = neighbours.cosines(
                Arrays.stream(positions).map(familiarity::direction).toArray(float[][]::new));
        return images.mapToObj(image -> {
                    List<int[]> captions =
                            beams.get(image).stream().map(Hypothesis::tokens).toList();
                    double[] support = neighbours.support(cosines[image], captions);
                    return place(beams.get(image), positions[image], support, consensus);
                })
                .toList();
    }

    private static List<Hypothesis> at(List<Hypothesis> beam, float[] position) {
        return beam.stream().map(hypothesis -> hypothesis.at(position, null)).toList();
    }

    private static List<Hypothesis> place(
            List<Hypothesis> beam, float[] position, double[] support, boolean consensus) {
        Stream<Integer> order = IntStream.range(0, support.length).boxed();
        if (consensus) {
            order = order.sorted(
                    Comparator.<Integer, Boolean>comparing(one -> beam.get(one).repeats())
                            .thenComparingDouble(one ->
                                    -support[one] - OF_SCORE * beam.get(one).score()));
        }
        return order.map(one -> beam.get(one).at(position, support[one])).toList();
    }
}
