package io.captioner.model;

import io.captioner.image.Pixels;
import io.captioner.text.Vocabulary;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

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
     * @param captions N captions as word ids, without start and end, each at most the manifest's maximum length
     * @return for each image the given caption as a finished hypothesis, its score not length-normalised
     * @throws ModelFailedException if the device fails
     */
    List<Hypothesis> score(List<Pixels> batch, List<int[]> captions);

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
