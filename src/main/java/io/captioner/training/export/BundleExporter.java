package io.captioner.training.export;

import io.captioner.image.ImagePreparation;
import io.captioner.image.Pixels;
import io.captioner.jobs.AtomicFile;
import io.captioner.model.Bundle;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Golden;
import io.captioner.model.GoldenImages;
import io.captioner.model.Manifest;
import io.captioner.model.ManifestFile;
import io.captioner.model.ModelCard;
import io.captioner.model.ModelDevice;
import io.captioner.model.TrainingPhotos;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.text.Vocabulary;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.graph.CaptioningGraph;
import io.captioner.training.graph.DecodedCaption;
import io.captioner.training.weights.Tensors;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import org.tensorflow.types.TUint8;

/**
 * The writer of a bundle: it is written beside its place, checked there, and renamed as a whole, so that
 * {@code <models>/<name>/<version>/} holds a complete bundle or nothing.
 */
public final class BundleExporter {
    private static final int GOLDEN_IMAGES = 4;
    /** The search loop grows with the length; a longer caption is no single sentence. */
    private static final int MAX_LENGTH = 50;

    private final Path models;
    private final String name;
    private final String version;

    /** @param models the directory of all bundles */
    public BundleExporter(Path models, String name, String version) {
        this.models = models;
        this.name = name;
        this.version = version;
    }

    /** The check of a bundle before it is published; throws to refuse it. */
    @FunctionalInterface
    public interface Check {
        /**
         * Checks a bundle.
         *
         * @param bundle its directory, complete
         * @return further sections of its card
         */
        List<ModelCard.Section> accept(Path bundle) throws IOException;
    }

    /** The fields of a manifest that the exporter does not know. */
    public record Description(
            String description,
            String encoder,
            String decoder,
            DecodeOptions defaults,
            @Nullable String language,
            Manifest.TrainingData trainingData,
            Map<String, String> provenance,
            Map<String, Double> scores) {}

    /**
     * Refuses to start a run whose bundle could not be written at its end.
     *
     * @throws FileAlreadyExistsException if there is a bundle of this name and version
     */
    public void requireFree() throws FileAlreadyExistsException {
        if (Files.exists(target())) {
            throw new FileAlreadyExistsException(
                    target().toString(),
                    null,
                    "this bundle exists: choose another version (captioner.training.version or captioner.re-export.version), or move the old one away");
        }
    }

    /**
     * Writes the bundle.
     *
     * @param seed of the golden pictures
     * @param check of the complete bundle before it is published
     * @return where the bundle is
     */
    public Path export(
            CaptioningGraph graph,
            Encoder encoder,
            Vocabulary vocabulary,
            Description description,
            long seed,
            Check check)
            throws IOException {
        Golden golden = golden(graph, encoder.preparation(), description.defaults(), seed);
        return publish(
                graph,
                vocabulary,
                golden,
                null,
                files -> manifest(encoder, graph.attends(), description, files),
                check);
    }

    /**
     * Writes an existing bundle again, with another graph of the same weights; refused unless it gives golden answers.
     *
     * @param old directory of the existing bundle
     * @param golden answers of the existing bundle
     * @return where the new bundle is
     */
    Path exportAgain(CaptioningGraph graph, Path old, Manifest manifest, Golden golden) throws IOException {
        return publish(
                graph,
                Vocabulary.read(old.resolve(Bundle.VOCABULARY)),
                golden,
                TrainingPhotos.read(old),
                files -> manifest.exportedAs(name, version, files),
                bundle -> {
                    DjlBundleLoader.load(bundle, ModelDevice.CPU).close();
                    return List.of();
                });
    }

    /**
     * Puts another graph of the same weights into an unpublished bundle, with golden answers of that graph; what the
     * manifest says of confidence is taken away.
     *
     * @param seed of the golden pictures
     */
    public static void replaceGraph(Path bundle, CaptioningGraph graph, ImagePreparation preparation, long seed)
            throws IOException {
        Manifest manifest = ManifestFile.read(bundle);
        SavedModelWriter.write(bundle.resolve(Bundle.GRAPH), graph.definition(), graph.signatures());
        Golden.write(bundle, golden(graph, preparation, manifest.defaults(), seed));
        ManifestFile.write(bundle, manifest.with(manifest.language(), null, Bundle.hashes(bundle)));
    }

    private Path publish(
            CaptioningGraph graph,
            Vocabulary vocabulary,
            Golden golden,
            @Nullable TrainingPhotos trainingPhotos,
            Function<Map<String, String>, Manifest> manifest,
            Check check)
            throws IOException {
        requireFree();
        Path temporary = models.resolve(".exporting-%s-%s".formatted(name, version));
        FileSystemUtils.deleteRecursively(temporary);
        Path bundle = temporary.resolve(name).resolve(version);
        Files.createDirectories(bundle);
        SavedModelWriter.write(bundle.resolve(Bundle.GRAPH), graph.definition(), graph.signatures());
        vocabulary.write(bundle.resolve(Bundle.VOCABULARY));
        Golden.write(bundle, golden);
        if (trainingPhotos != null) {
            trainingPhotos.write(bundle);
        }
        ManifestFile.write(bundle, manifest.apply(Bundle.hashes(bundle)));
        List<ModelCard.Section> sections = check.accept(bundle);
        Files.createDirectories(target().getParent());
        AtomicFile.rename(bundle, target());
        FileSystemUtils.deleteRecursively(temporary);
        ModelCard.write(target(), sections);
        return target();
    }

    /** Returns where the bundle is, or will be. */
    public Path target() {
        return models.resolve(name).resolve(version);
    }

    /** Returns the answers of a graph to golden pictures. */
    static Golden golden(CaptioningGraph graph, ImagePreparation preparation, DecodeOptions options, long seed) {
        List<Pixels> pictures = GoldenImages.draw(seed, GOLDEN_IMAGES, preparation);
        try (TUint8 images = Tensors.images(pictures)) {
            List<DecodedCaption> captions = graph.decode(images, options);
            return new Golden(
                    seed,
                    captions.size(),
                    options,
                    captions.stream().map(DecodedCaption::words).toArray(int[][]::new),
                    captions.stream().map(DecodedCaption::logProbs).toArray(float[][]::new));
        }
    }

    private Manifest manifest(Encoder encoder, boolean attends, Description description, Map<String, String> files) {
        return new Manifest(
                Manifest.SCHEMA_VERSION,
                name,
                version,
                description.description(),
                description.encoder(),
                description.decoder(),
                Manifest.Input.of(encoder.preparation(), encoder.scale()),
                attends ? new Manifest.Grid(encoder.rows(), encoder.columns()) : null,
                new Manifest.SpecialIds(Vocabulary.PAD, Vocabulary.START, Vocabulary.END, Vocabulary.UNKNOWN),
                MAX_LENGTH,
                description.defaults(),
                description.trainingData(),
                description.provenance(),
                description.scores(),
                description.language(),
                null,
                files);
    }
}
