package io.captioner.model;

import io.captioner.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads and writes {@code captioner.json}, strictly. */
public final class ManifestFile {
    private static final Manifest.SpecialIds SPECIAL_IDS =
            new Manifest.SpecialIds(Vocabulary.PAD, Vocabulary.START, Vocabulary.END, Vocabulary.UNKNOWN);

    private static final List<String> OPTIONAL = List.of("language", "calibration");
    private static final Set<String> NULLABLE = Set.of(
            "/attentionGrid",
            "/defaults/sampling",
            "/defaults/words",
            "/input/interpolation",
            "/input/resizedTo",
            "/language",
            "/calibration",
            "/calibration/data/[]/familiarity",
            "/calibration/figures/betweenData");

    private ManifestFile() {}

    /**
     * Reads the manifest of a bundle directory {@code <name>/<version>}.
     *
     * @throws BrokenBundleException if it is missing, of another schema version, incomplete, or says another name or
     *     version than its directories
     */
    public static Manifest read(Path bundle) {
        Path file = bundle.resolve(Bundle.MANIFEST);
        JsonNode tree = BundleJson.readTree(file);
        int schemaVersion = tree.path("schemaVersion").asInt(0);
        if (schemaVersion != Manifest.SCHEMA_VERSION) {
            throw new BrokenBundleException(
                    file,
                    "schemaVersion is %s, this program reads %d: use a program and a bundle of the same age"
                            .formatted(tree.path("schemaVersion"), Manifest.SCHEMA_VERSION));
        }
        OPTIONAL.forEach(name -> BundleJson.putNull(tree, name));
        BundleJson.putOptions(tree.path("defaults"));
        BundleJson.putNull(tree.path("input"), "interpolation");
        BundleJson.putNull(tree.path("input"), "resizedTo");
        Manifest manifest = BundleJson.convert(file, tree, Manifest.class, NULLABLE);
        check(file, bundle.toAbsolutePath().normalize(), manifest);
        return manifest;
    }

    /** Writes what {@link #read} reads; {@code files} must already hold {@link Bundle#hashes}. */
    public static void write(Path bundle, Manifest manifest) throws IOException {
        writeTo(bundle.resolve(Bundle.MANIFEST), manifest);
    }

    /** Writes the manifest to a file that is renamed to {@value Bundle#MANIFEST} later. */
    public static void writeTo(Path file, Manifest manifest) throws IOException {
        BundleJson.write(file, manifest);
    }

    private static void check(Path file, Path bundle, Manifest manifest) {
        require(
                bundle.endsWith(Path.of(manifest.name(), manifest.version())),
                file,
                "it says %s/%s, its directory another name or version".formatted(manifest.name(), manifest.version()));
        checkInput(file, manifest.input());
        require(manifest.specialIds().equals(SPECIAL_IDS), file, "specialIds must be " + SPECIAL_IDS);
        require(manifest.maxLength() >= 1, file, "maxLength must be at least 1");
        Manifest.Grid grid = manifest.attentionGrid();
        require(grid == null || (grid.rows() >= 1 && grid.columns() >= 1), file, "attentionGrid has no cells");
    }

    private static void checkInput(Path file, Manifest.Input input) {
        require(input.width() >= 1 && input.height() >= 1, file, "input has no pixels");
        boolean crops = input.resizedTo() != null;
        require(
                input.resize().equals(crops ? Manifest.Input.STRETCH_AND_CROP : Manifest.Input.STRETCH),
                file,
                "input.resize must be '%s', or '%s' with resizedTo"
                        .formatted(Manifest.Input.STRETCH, Manifest.Input.STRETCH_AND_CROP));
        try {
            input.preparation();
        } catch (IllegalArgumentException e) {
            throw new BrokenBundleException(file, "input: " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, Path file, String otherwise) {
        if (!holds) {
            throw new BrokenBundleException(file, otherwise);
        }
    }
}
