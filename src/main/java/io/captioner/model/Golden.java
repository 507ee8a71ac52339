package io.captioner.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The expected answers of a model for images made from a seed by {@link GoldenImages}: {@code golden.json}.
 *
 * @param seed seed of the images
 * @param images number of images, at least 1
 * @param options how they are captioned
 * @param tokens word ids of the best hypothesis of each image, [images][T], without start and end
 * @param logProbabilities natural-log probability of each of those words, [images][T]
 */
@SuppressWarnings("ArrayRecordComponent") // read once, compared once
public record Golden(long seed, int images, DecodeOptions options, int[][] tokens, float[][] logProbabilities) {
    /** @throws IllegalArgumentException if the parts do not fit each other */
    public Golden {
        boolean fits = images >= 1 && tokens.length == images && logProbabilities.length == images;
        for (int i = 0; fits && i < images; i++) {
            fits = tokens[i].length == logProbabilities[i].length;
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "%d images need as many captions, and each word a log-probability".formatted(images));
        }
    }

    /** Makes the golden answers of what a model said to {@code GoldenImages.draw(seed, answers.size(), size)}. */
    public static Golden of(long seed, DecodeOptions options, List<List<Hypothesis>> answers) {
        return new Golden(
                seed,
                answers.size(),
                options,
                answers.stream().map(beam -> beam.get(0).tokens()).toArray(int[][]::new),
                answers.stream().map(beam -> beam.get(0).logProbabilities()).toArray(float[][]::new));
    }

    /**
     * Reads the golden answers of a bundle directory.
     *
     * @throws BrokenBundleException if the bundle holds none, or a malformed one
     */
    public static Golden read(Path bundle) {
        Path file = bundle.resolve(Bundle.GOLDEN);
        JsonNode tree = BundleJson.readTree(file);
        BundleJson.putOptions(tree.path("options"));
        return BundleJson.convert(file, tree, Golden.class, Set.of("/options/sampling", "/options/words"));
    }

    /** Writes what {@link #read} reads. */
    public static void write(Path bundle, Golden golden) throws IOException {
        BundleJson.write(bundle.resolve(Bundle.GOLDEN), golden);
    }
}
