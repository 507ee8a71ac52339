package io.captioner.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle knows of the photos that it was trained on.
 *
 * @param familiarity where they lie
 * @param neighbours what people wrote of them; null for a bundle without {@link Bundle#NEIGHBOURS}
 * @param phrases what people are likely to write of others; null for a bundle without {@link Bundle#PHRASES}
 */
public record TrainingPhotos(
        Familiarity familiarity,
        @Nullable Neighbours neighbours,
        @Nullable Phrases phrases) {
    private static final double OF_LOG_PROBABILITY = 0.02;

    /** @throws IllegalArgumentException if the directions have another length than the familiarity's */
    public TrainingPhotos {
        int axes = familiarity.dimensions() - 1;
        if (neighbours != null) {
            requireDimensions(Bundle.NEIGHBOURS, neighbours.dimensions(), axes);
        }
        if (phrases != null) {
            requireDimensions(Bundle.PHRASES, phrases.dimensions(), axes);
        }
    }

    private static void requireDimensions(String file, int dimensions, int axes) {
        if (dimensions != axes) {
            throw new IllegalArgumentException("%s is for directions of %d values, and %s has %d axes"
                    .formatted(file, dimensions, Bundle.FAMILIARITY, axes));
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
        Phrases phrases = Phrases.read(bundle);
        try {
            return familiarity == null ? null : new TrainingPhotos(familiarity, neighbours, phrases);
        } catch (IllegalArgumentException e) {
            throw new BrokenBundleException(bundle, String.valueOf(e.getMessage()), e);
        }
    }

    /** Writes what {@link #read} reads, in place of what is there. */
    public void write(Path bundle) throws IOException {
        delete(bundle);
        familiarity.write(bundle);
        if (neighbours != null) {
            neighbours.write(bundle);
        }
        if (phrases != null) {
            phrases.write(bundle);
        }
    }

    /** Deletes what {@link #write} writes. */
    public static void delete(Path bundle) throws IOException {
        for (String file : List.of(Bundle.FAMILIARITY, Bundle.NEIGHBOURS, Bundle.PHRASES)) {
            Files.deleteIfExists(bundle.resolve(file));
        }
    }

    /**
     * Returns captions with the positions of their images, their support and their likeness.
     *
     * @param beams the captions of each image
     * @param features the mean annotation vector of each image
     * @param consensus whether the captions of an image are put into the order of their likeness to what people are
     *     likely to write plus their support plus {@value #OF_LOG_PROBABILITY} times their log-probability, most first,
     *     and those that repeat themselves last, where one of the first two is known
     */
    public List<List<Hypothesis>> place(List<List<Hypothesis>> beams, float[][] features, boolean consensus) {
        float[][] positions = Arrays.stream(features).map(familiarity::position).toArray(float[][]::new);
        float[][] directions =
                Arrays.stream(positions).map(familiarity::direction).toArray(float[][]::new);
        List<List<int[]>> captions = beams.stream()
                .map(beam -> beam.stream().map(Hypothesis::tokens).toList())
                .toList();
        double[][] support = neighbours == null ? null : neighbours.support(directions, captions);
        double[][] likeness = phrases == null ? null : phrases.likeness(directions, captions);
        boolean ordered = consensus && (support != null || likeness != null);
        return IntStream.range(0, positions.length)
                .mapToObj(image -> {
                    List<Hypothesis> beam = beams.get(image);
                    List<Hypothesis> placed = IntStream.range(0, beam.size())
                            .mapToObj(one -> beam.get(one)
                                    .at(
                                            positions[image],
                                            support == null ? null : support[image][one],
                                            likeness == null ? null : likeness[image][one]))
                            .toList();
                    return ordered ? ordered(placed) : placed;
                })
                .toList();
    }

    private static List<Hypothesis> ordered(List<Hypothesis> beam) {
        return beam.stream()
                .sorted(Comparator.comparing(Hypothesis::repeats).thenComparingDouble(one -> -value(one)))
                .toList();
    }

    private static double value(Hypothesis caption) {
        return Objects.requireNonNullElse(caption.likeness(), 0.0)
                + Objects.requireNonNullElse(caption.support(), 0.0)
                + OF_LOG_PROBABILITY * caption.logProbability();
    }
}
