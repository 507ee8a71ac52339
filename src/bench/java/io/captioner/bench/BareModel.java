package io.captioner.bench;

import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.image.format.ImageLimits;
import io.captioner.model.Bundle;
import io.captioner.model.CaptionModel;
import io.captioner.model.djl.DjlBundleLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The model without a service around it, in this process: what the service is measured against. */
final class BareModel implements AutoCloseable {
    private final CaptionModel model;
    private final PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults());
    private final List<Pixels> pixels;
    private final AtomicInteger next = new AtomicInteger();

    BareModel(Path bundle, List<byte[]> photos) {
        this.model = DjlBundleLoader.load(bundle);
        this.pixels = photos.stream().map(this::decode).toList();
    }

    /** Returns where it runs. */
    String device() {
        return model.device();
    }

    /** Captions batches of one size for a time, one or several at once. */
    void measure(int batchSize, int atOnce, Duration duration, Figures figures) {
        figures.measure(duration, atOnce, () -> {
            model.caption(batch(batchSize), model.manifest().defaults());
            return batchSize;
        });
    }

    /** Decodes photos for a time. */
    void measureDecoding(List<byte[]> files, Duration duration, Figures figures) {
        figures.measure(duration, () -> {
            decode(files.get(Math.floorMod(next.getAndIncrement(), files.size())));
            return 1;
        });
    }

    private Pixels decode(byte[] photo) {
        return decoder.decode(photo, model.manifest().input().preparation()).pixels();
    }

    private List<Pixels> batch(int size) {
        List<Pixels> batch = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            batch.add(pixels.get(Math.floorMod(next.getAndIncrement(), pixels.size())));
        }
        return batch;
    }

    @Override
    public void close() {
        model.close();
    }

    /** Returns the bundle that the program answers with by default: the first name's newest version. */
    static Path newestBundle(Path models) throws IOException {
        Path name = directories(models).stream()
                .filter(BareModel::hasBundles)
                .min(Comparator.comparing(BareModel::name))
                .orElseThrow(() -> new IOException(
                        "there is no bundle <name>/<version> in %s: point bench.models at one".formatted(models)));
        return versions(name).stream()
                .max(Comparator.comparingInt(version -> Integer.parseInt(name(version))))
                .orElseThrow();
    }

    private static boolean hasBundles(Path name) {
        try {
            return !versions(name).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> versions(Path name) throws IOException {
        return directories(name).stream()
                .filter(version -> name(version).matches("\\d{1,9}") && Files.exists(version.resolve(Bundle.MANIFEST)))
                .toList();
    }

    private static List<Path> directories(Path parent) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(Files::isDirectory).toList();
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
