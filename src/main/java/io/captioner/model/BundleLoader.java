package io.captioner.model;

import java.nio.file.Path;

/** Makes a model of a bundle directory. */
@FunctionalInterface
public interface BundleLoader {
    /**
     * Loads a bundle; the caller owns and closes the model.
     *
     * @throws RuntimeException if the bundle is broken; the message says how
     */
    CaptionModel load(Path bundle);
}
