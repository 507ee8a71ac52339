package io.captioner.model;

import java.nio.file.Path;

/** Makes a model of a bundle directory. */
@FunctionalInterface
public interface BundleLoader {
    /** @throws RuntimeException if the bundle is broken; the message says how */
    CaptionModel load(Path bundle);
}
