package io.captioner.model;

import io.captioner.image.Pixels;
import io.captioner.text.Vocabulary;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A loaded caption model: pixels in, captions with attention out. Safe for use by several threads at once. */
public interface CaptionModel extends AutoCloseable {
    /** Returns the bundle's manifest. */
    Manifest manifest();

    /** Returns the words of the token ids. */
    Vocabulary vocabulary();

    /**
     * Returns where the model runs: {@code cpu}, or the GPU that is verified to run it, with its name, as in
     * {@code gpu:0 (NVIDIA H200)}; several are separated by commas.
     */
    default String device() {
        return "cpu";
    }

    /** Returns the number of devices that hold a copy of the model. */
    default int copies() {
        return 1;
    }

    /**
     * Captions a batch in one run of the device.
     *
     * @param batch N images of exactly the manifest's input size
     * @param options one set of options for all of them
     * @return for each image, in order, {@code options.beamWidth()} hypotheses at most, best first, at least one
     * @throws ModelFailedException if the device fails
     */
    List<List<Hypothesis>> caption(List<Pixels> batch, DecodeOptions options);

    /**
     * Scores given captions under the same weights, teacher forced.
     *
     * @param batch N images of exactly the manifest's input size
     * @param captions for each image at least one caption, as word ids without start and end, at most the manifest's
     *     maximum length
     * @return for each image its captions, in order, as finished hypotheses whose scores are not length-normalised
     * @throws ModelFailedException if the device fails
     */
    List<List<Hypothesis>> score(List<Pixels> batch, List<List<int[]>> captions);

    /**
     * Checks that the model can caption with these options.
     *
     * @throws InvalidDecodeRequestException if its graph cannot, or its vocabulary lacks a required word
     */
    default void requireSupport(DecodeOptions options) {
        WordRules rules = options.words();
        if (rules != null) {
            String language = manifest().language();
            if (rules.genderNeutral()
                    && language != null
                    && !language.toLowerCase(Locale.ROOT).startsWith("en")) {
                throw new InvalidDecodeRequestException(
                        "genderNeutral",
                        "genderNeutral is for English captions, and this model captions in '%s': leave it out, or use avoid."
                                .formatted(language));
            }
            WordRules.Ids checked = rules.ids(vocabulary());
            if (checked.require().length >= options.maxWords()) {
                throw new InvalidDecodeRequestException(
                        "require",
                        "require has %d words, but a caption may have %d: raise maxWords above the number of required words."
                                .formatted(checked.require().length, options.maxWords()));
            }
        }
    }

    /**
     * Returns the mean annotation vector of each image, [N][D], by which images are compared with those of the
     * training.
     *
     * @param batch N images of exactly the manifest's input size
     * @throws UnsupportedOperationException if the bundle's graph has no such output; the message says what to do
     * @throws ModelFailedException if the device fails
     */
    default float[][] features(List<Pixels> batch) {
        throw new UnsupportedOperationException(
                "the graph of %s/%s has no output 'features': write the bundle again with captioner.job=re-export"
                        .formatted(manifest().name(), manifest().version()));
    }

    /**
     * Returns how familiar an image is: the share of photos of the training's kind that lie at least as far from the
     * training photos, 0 to 1; null if the bundle does not tell.
     *
     * @param position as {@link Hypothesis#position} has it
     */
    default @Nullable Double familiarity(float[] position) {
        return null;
    }

    /**
     * Captions a batch of black images and drops the answers, so that the next batch of this size runs at full speed.
     *
     * @throws ModelFailedException if the device fails
     */
    default void warmUp(int batchSize) {
        Pixels black = Pixels.black(manifest().input().preparation());
        caption(Collections.nCopies(batchSize, black), manifest().defaults());
    }

    /** Frees the device's memory; a call in flight is waited for, a later one fails. */
    @Override
    void close();

    /** Makes a model of a bundle directory. */
    @FunctionalInterface
    public interface Loader {
        /**
         * Loads a bundle; the caller owns and closes the model.
         *
         * @throws RuntimeException if the bundle is broken; the message says how
         */
        CaptionModel load(Path bundle);
    }
}
