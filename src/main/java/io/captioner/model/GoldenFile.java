package io.captioner.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Reads and writes {@code golden.json}, strictly. */
public final class GoldenFile {
    private GoldenFile() {}

    /**
     * Reads the golden answers of a bundle directory.
     *
     * @throws BrokenBundleException if the bundle holds none, or a malformed one
     */
    public static Golden read(Path bundle) {
        Path file = bundle.resolve(Bundle.GOLDEN);
        return BundleJson.convert(file, BundleJson.readTree(file), Golden.class, Set.of("/options/sampling"));
    }

    /** Writes what {@link #read} reads. */
    public static void write(Path bundle, Golden golden) throws IOException {
        BundleJson.write(bundle.resolve(Bundle.GOLDEN), golden);
    }
}
