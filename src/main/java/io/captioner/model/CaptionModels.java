package io.captioner.model;

import java.nio.file.Path;

/** Loads bundles through DJL, each verified before it is used. */
public final class CaptionModels {
    private CaptionModels() {}

    /** Loads a bundle on whichever device there is; see {@link #load(Path, ModelDevice)}. */
    public static CaptionModel load(Path bundle) {
        return load(bundle, ModelDevice.AUTO);
    }

    /**
     * Checks a bundle's manifest, hashes, vocabulary and signatures, loads it, and has it reproduce its golden answers.
     *
     * @param bundle a directory {@code <name>/<version>}
     * @return the model, owned by the caller, who closes it
     * @throws BrokenBundleException if the bundle does not keep the contract
     * @throws IllegalStateException if TensorFlow's natives or the wanted device are not there
     */
    public static CaptionModel load(Path bundle, ModelDevice device) {
        Manifest manifest = BundleVerifier.verify(bundle);
        DjlCaptionModel model = DjlCaptionModel.load(bundle, manifest, device);
        try {
            GoldenCheck.check(bundle, model);
            return model;
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }
}
