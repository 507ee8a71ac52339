package io.captioner.registry;

import io.captioner.files.FileFaults;
import io.captioner.files.FileTree;
import io.captioner.files.PassedOver;
import io.captioner.model.Bundle;
import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The version directories {@code <root>/<name>/<version>/}. Clutter, directories that begin with a dot, and those
 * without a manifest are left out: a bundle is written under such a name and moved when it is whole. A version
 * directory that cannot be read is listed: loading it says why.
 */
final class ModelRepository {
    private static final Pattern PART = Pattern.compile("\\d+|\\D+");

    /** Numbers in a version count as numbers, so 10 is newer than 9; the rest is compared as text. */
    static final Comparator<String> VERSIONS = ModelRepository::compareVersions;

    private final Path root;
    private final Lister lister;

    /** Lists folders. */
    @FunctionalInterface
    interface Lister {
        /** Returns what is in a folder, sorted by name. */
        List<Path> children(Path folder) throws IOException;
    }

    /**
     * What is on disk.
     *
     * @param versions the versions of each name, names sorted, the newest version first
     * @param passedOver names that cannot be read
     * @param fault why the root cannot be read, null if it can or is not there
     */
    record Listing(
            Map<String, List<String>> versions,
            PassedOver passedOver,
            @Nullable String fault) {}

    ModelRepository(Path root) {
        this(root, FileTree::children);
    }

    ModelRepository(Path root, Lister lister) {
        this.root = root.toAbsolutePath();
        this.lister = lister;
    }

    Path root() {
        return root;
    }

    Path directory(String name, String version) {
        return root.resolve(name).resolve(version);
    }

    /** Returns a message with its paths below the root made relative to it: clients must not learn where that is. */
    String withoutRoot(String message) {
        return message.replace(root + File.separator, "");
    }

    /** Lists the versions that are on disk; a folder that cannot be read does not touch the others. */
    Listing list() {
        Map<String, List<String>> versions = new LinkedHashMap<>();
        PassedOver passedOver = new PassedOver();
        String fault = null;
        try {
            for (String name : directories(root, passedOver)) {
                List<String> found = versions(name, passedOver);
                if (!found.isEmpty()) {
                    versions.put(name, found);
                }
            }
        } catch (NoSuchFileException notThere) {
            // Like an empty one.
        } catch (IOException e) {
            fault = FileFaults.reason(e);
        }
        return new Listing(versions, passedOver, fault);
    }

    private List<String> versions(String name, PassedOver passedOver) {
        try {
            return directories(root.resolve(name), passedOver).stream()
                    .filter(version -> isVersion(directory(name, version)))
                    .sorted(VERSIONS.reversed())
                    .toList();
        } catch (NoSuchFileException vanished) {
            return List.of();
        } catch (IOException e) {
            passedOver.add(name, FileFaults.reason(e));
            return List.of();
        }
    }

    private List<String> directories(Path parent, PassedOver passedOver) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path child : lister.children(parent)) {
            String name = String.valueOf(child.getFileName());
            if (FileTree.isClutter(name)) {
                passedOver.addClutter(root.relativize(child).toString(), Files.isReadable(child));
            } else if (Files.isDirectory(child)) {
                names.add(name);
            }
        }
        return names;
    }

    private static boolean isVersion(Path directory) {
        return Files.isRegularFile(directory.resolve(Bundle.MANIFEST))
                || !Files.isReadable(directory)
                || !Files.isExecutable(directory);
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
