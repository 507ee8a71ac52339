package io.captioner.bulk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the photos of a shard. */
final class PhotoFiles {
    private static final Logger log = LoggerFactory.getLogger(PhotoFiles.class);

    private final BulkProperties properties;
    private final List<PhotoFile> found = new ArrayList<>();

    private PhotoFiles(BulkProperties properties) {
        this.properties = properties;
    }

    /** Returns the photos in the order of their names. */
    static List<PhotoFile> of(BulkProperties properties) throws IOException {
        if (!Files.isDirectory(properties.photos())) {
            throw new NotDirectoryException("captioner.bulk.photos is no folder: " + properties.photos());
        }
        PhotoFiles files = new PhotoFiles(properties);
        Path list = properties.list();
        if (list == null) {
            files.walk();
        } else {
            files.read(list);
        }
        files.found.sort(Comparator.comparing(photo -> photo.key().path()));
        return List.copyOf(files.found);
    }

    private void walk() throws IOException {
        Path root = properties.photos();
        PathMatcher wanted = root.getFileSystem().getPathMatcher("glob:" + properties.glob());
        Files.walkFileTree(root, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return isHidden(folder) && !folder.equals(root)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                Path name = file.getFileName();
                if (attributes.isRegularFile() && !isHidden(file) && wanted.matches(name)) {
                    add(root.relativize(file).toString().replace('\\', '/'), file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void read(Path list) throws IOException {
        List<String> names = Files.readAllLines(list, StandardCharsets.UTF_8).stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        for (String name : names) {
            Path file = properties.photos().resolve(name);
            try {
                add(name, file, Files.readAttributes(file, BasicFileAttributes.class));
            } catch (NoSuchFileException e) {
                log.warn("left out, for it is not there: {}", file);
            }
        }
    }

    private void add(String name, Path file, BasicFileAttributes attributes) {
        if (properties.shard().holds(name)) {
            Instant modified =
                    Instant.ofEpochMilli(attributes.lastModifiedTime().toMillis());
            found.add(new PhotoFile(file, new PhotoFile.Key(name, attributes.size(), modified)));
        }
    }

    private static boolean isHidden(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(".") || name.startsWith("_");
    }
}
