package io.captioner.bench;

import io.captioner.model.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The bundles of a models directory. */
final class Bundles {
    private Bundles() {}

    /** Returns the bundle that the program answers with by default: the first name's newest version. */
    static Path newest(Path models) throws IOException {
        Path name = directories(models).stream()
                .filter(Bundles::hasBundles)
                .min(Comparator.comparing(Bundles::name))
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
