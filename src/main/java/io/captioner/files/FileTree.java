package io.captioner.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The readable regular files below a folder. Links are followed, but each folder is walked once, and by its own path
 * where it has one below the root: so loops end, and the same tree gives the same names on every machine. Clutter,
 * broken links and what cannot be read are passed over.
 *
 * @param files by path relative to the root, with {@code /} between names; sorted, unmodifiable
 * @param passedOver the rest
 */
public record FileTree(SortedMap<String, Entry> files, PassedOver passedOver) {
    /** Left by NAS systems, desktops and file systems; in lower case. What begins with a dot is clutter anyway. */
    private static final Set<String> CLUTTER = Set.of(
            "#recycle",
            "#snapshot",
            "$recycle.bin",
            "@eadir",
            "@recently-snapshot",
            "@recycle",
            "@tmp",
            "__macosx",
            "desktop.ini",
            "ehthumbs.db",
            "ehthumbs_vista.db",
            "icon\r",
            "lost+found",
            "network trash folder",
            "recycler",
            "system volume information",
            "temporary items",
            "thumbs.db");

    /** A file as it was when it was found. */
    public record Entry(Path path, BasicFileAttributes attributes) {}

    /**
     * Walks a folder.
     *
     * @throws IOException if the folder itself cannot be read, or the disk fails
     */
    public static FileTree of(Path root) throws IOException {
        Walk walk = new Walk(root);
        walk.all();
        return new FileTree(Collections.unmodifiableSortedMap(walk.files), walk.passedOver);
    }

    /** Returns what is in a folder, sorted by name. */
    public static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }

    /**
     * Returns whether a file or folder of that name belongs to a file system, a desktop or a NAS and not to the user's
     * data: hidden files, {@code lost+found}, {@code Thumbs.db}, {@code @eaDir} and the like.
     */
    public static boolean isClutter(String name) {
        return name.startsWith(".") || CLUTTER.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The walk of real folders, then of those that links lead to. */
    static final class Walk extends SimpleFileVisitor<Path> {
        private final Path root;
        private final SortedMap<String, Entry> files = new TreeMap<>();
        private final PassedOver passedOver = new PassedOver();
        private final Set<Path> walked = new HashSet<>();
        private final TreeMap<String, Path> links = new TreeMap<>();
        private Path start;
        private String prefix = "";

        Walk(Path root) {
            this.root = root;
            this.start = root;
        }

        void all() throws IOException {
            start = root.toRealPath();
            Files.walkFileTree(start, this);
            for (Map.Entry<String, Path> link = links.pollFirstEntry(); link != null; link = links.pollFirstEntry()) {
                start = link.getValue();
                prefix = link.getKey();
                Files.walkFileTree(start, this);
            }
        }

        PassedOver passedOver() {
            return passedOver;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (isClutter(folder)) {
                passedOver.addClutter(name(folder), true);
                return FileVisitResult.SKIP_SUBTREE;
            }
            if (!walked.add(folder)) {
                passedOver.add(name(folder), "a link to a folder that is read already");
                return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isClutter(file)) {
                passedOver.addClutter(name(file), true);
            } else if (attributes.isSymbolicLink()) {
                follow(file);
            } else {
                add(file, attributes);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (!FileFaults.isPermanent(failure) || prefix.isEmpty() && file.equals(start)) {
                throw failure;
            }
            passedOver.add(name(file), FileFaults.reason(failure));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, failure);
        }

        private void follow(Path link) {
            try {
                Path target = link.toRealPath();
                BasicFileAttributes attributes = Files.readAttributes(target, BasicFileAttributes.class);
                if (!attributes.isDirectory()) {
                    add(link, attributes);
                } else if (link.startsWith(target)) {
                    passedOver.add(name(link), "a link to a folder that it is in");
                } else {
                    links.put(name(link), target);
                }
            } catch (IOException broken) {
                passedOver.add(name(link), "a broken link: " + FileFaults.reason(broken));
            }
        }

        private void add(Path file, BasicFileAttributes attributes) {
            String name = name(file);
            if (!attributes.isRegularFile()) {
                passedOver.add(name, "not a regular file");
            } else if (!Files.isReadable(file)) {
                passedOver.add(name, "access denied");
            } else {
                files.put(name, new Entry(root.resolve(name), attributes));
            }
        }

        private boolean isClutter(Path path) {
            return !path.equals(start) && FileTree.isClutter(String.valueOf(path.getFileName()));
        }

        /** The path relative to the root. */
        private String name(Path path) {
            String below = start.relativize(path)
                    .toString()
                    .replace(path.getFileSystem().getSeparator(), "/");
            if (prefix.isEmpty() || below.isEmpty()) {
                return prefix + below;
            }
            return prefix + "/" + below;
        }
    }
}
