package io.captioner.registry;

import io.captioner.model.Bundle;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The version directories {@code <root>/<name>/<version>/}. Directories that begin with a dot, and those without a
 * manifest, are not there: a bundle is written under such a name and moved when it is whole.
 */
final class ModelRepository {
    private static final Pattern PART = Pattern.compile("\\d+|\\D+");

    /** Numbers in a version count as numbers, so 10 is newer than 9; the rest is compared as text. */
    static final Comparator<String> VERSIONS = ModelRepository::compareVersions;

    private final Path root;

    ModelRepository(Path root) {
        this.root = root.toAbsolutePath();
    }

    Path root() {
        return root;
    }

    Path directory(String name, String version) {
        return root.resolve(name).resolve(version);
    }

    /** Returns a message with its paths below the root made relative to it: clients need not know where that is. */
    String withoutRoot(String message) {
        return message.replace(root + File.separator, "");
    }

    /** Returns the versions of each name, names sorted, the newest version first; empty if there is no root. */
    Map<String, List<String>> versions() {
        Map<String, List<String>> versions = new LinkedHashMap<>();
        for (String name : directories(root)) {
            List<String> found = directories(root.resolve(name)).stream()
                    .filter(version ->
                            Files.isRegularFile(directory(name, version).resolve(Bundle.MANIFEST)))
                    .sorted(VERSIONS.reversed())
                    .toList();
            if (!found.isEmpty()) {
                versions.put(name, found);
            }
        }
        return versions;
    }

    private static List<String> directories(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory)
                    .map(child -> String.valueOf(child.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException vanished) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + parent, e);
        }
    }

    private static int compareVersions(String left, String right) {
        List<String> lefts = parts(left);
        List<String> rights = parts(right);
        for (int i = 0; i < Math.min(lefts.size(), rights.size()); i++) {
            int order = compareParts(lefts.get(i), rights.get(i));
            if (order != 0) {
                return order;
            }
        }
        int order = Integer.compare(lefts.size(), rights.size());
        return order != 0 ? order : left.compareTo(right);
    }

    private static int compareParts(String left, String right) {
        if (Character.isDigit(left.charAt(0)) && Character.isDigit(right.charAt(0))) {
            return new BigInteger(left).compareTo(new BigInteger(right));
        }
        return left.compareTo(right);
    }

    private static List<String> parts(String version) {
        return PART.matcher(version).results().map(MatchResult::group).toList();
    }
}
