package io.captioner.bulk;

import io.captioner.files.FileFaults;
import io.captioner.files.FileTree;
import io.captioner.files.PassedOver;
import io.captioner.jobs.UnusableJobException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the photos of a shard. */
final class PhotoFiles {
    private static final Logger log = LoggerFactory.getLogger(PhotoFiles.class);

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final BulkProperties properties;
    private final List<PhotoFile> found = new ArrayList<>();

    private PhotoFiles(BulkProperties properties) {
        this.properties = properties;
    }

    /** Returns the photos in the order of their names. */
    static List<PhotoFile> of(BulkProperties properties) throws IOException {
        if (!Files.isDirectory(properties.photos())) {
            throw new UnusableJobException(
                    "captioner.bulk.photos is %s, which is not a folder: set it to the folder of the photos"
                            .formatted(properties.photos()));
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
        PathMatcher wanted = matcher(root);
        FileTree tree = FileTree.of(root);
        tree.files().forEach((name, file) -> {
            if (!("/" + name).contains("/_")
                    && !isSidecar(name)
                    && wanted.matches(file.path().getFileName())) {
                add(name, file.path(), file.attributes());
            }
        });
        tree.passedOver().log(log, root);
    }

    private static boolean isSidecar(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(Sidecars.EXTENSION);
    }

    private PathMatcher matcher(Path root) {
        try {
            return root.getFileSystem().getPathMatcher("glob:" + properties.glob());
        } catch (PatternSyntaxException e) {
            throw new UnusableJobException("captioner.bulk.glob is '%s': %s; set it to a pattern such as *.{jpg,png}"
                    .formatted(properties.glob(), e.getDescription()));
        }
    }

    private void read(Path list) throws IOException {
        PassedOver passedOver = new PassedOver();
        for (String name : names(list)) {
            try {
                Path file = properties.photos().resolve(name);
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                if (attributes.isRegularFile()) {
                    add(name, file, attributes);
                } else {
                    passedOver.add(name, "not a regular file");
                }
            } catch (InvalidPathException e) {
                passedOver.add(name, "not a file name");
            } catch (IOException e) {
                if (!FileFaults.isPermanent(e)) {
                    throw e;
                }
                passedOver.add(name, FileFaults.reason(e));
            }
        }
        passedOver.log(log, properties.photos());
    }

    private static List<String> names(Path list) throws IOException {
        try (Stream<String> lines = Files.lines(list, StandardCharsets.UTF_8)) {
            return lines.map(line -> line.replace(BYTE_ORDER_MARK, "").strip())
                    .filter(name -> !name.isEmpty())
                    .distinct()
                    .toList();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new UnusableJobException(
                        "captioner.bulk.list is %s, which is not UTF-8 text: convert it".formatted(list));
            }
            throw e;
        }
    }

    private void add(String name, Path file, BasicFileAttributes attributes) {
        if (properties.shard().holds(name)) {
            Instant modified =
                    Instant.ofEpochMilli(attributes.lastModifiedTime().toMillis());
            found.add(new PhotoFile(file, new PhotoFile.Key(name, attributes.size(), modified)));
        }
    }

    /**
     * A photo on disk.
     *
     * @param file where it is
     * @param key identifies it
     */
    record PhotoFile(Path file, Key key) {
        /**
         * Identifies a photo, and one content of it: a photo that is replaced has another key.
         *
         * @param path relative to the folder of the photos, with {@code /} between names
         * @param length in bytes
         * @param modified time of the last change, to the millisecond
         */
        record Key(String path, long length, Instant modified) {}
    }

    /**
     * One of {@code count} equal parts of all photos. The part of a photo follows from its name alone, so it does not
     * change when photos are added or removed.
     *
     * @param index from 0, as Kubernetes counts the completions of an indexed Job
     * @param count of parts
     */
    record Shard(int index, int count) {
        /** @throws UnusableJobException if there is no such part */
        Shard {
            if (count < 1 || index < 0 || index >= count) {
                throw new UnusableJobException(
                        "captioner.bulk.shard is %d/%d: set it to INDEX/COUNT with INDEX from 0 to COUNT - 1"
                                .formatted(index, count));
            }
        }

        /** Reads {@code INDEX/COUNT}. */
        public static Shard valueOf(String text) {
            String[] parts = text.strip().split("/", -1);
            if (parts.length == 2 && parts[0].matches("\\d{1,9}") && parts[1].matches("\\d{1,9}")) {
                return new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            }
            throw new UnusableJobException(
                    "captioner.bulk.shard is '%s': set it to INDEX/COUNT, such as 3/10".formatted(text));
        }

        boolean holds(String name) {
            CRC32 hash = new CRC32();
            hash.update(name.getBytes(StandardCharsets.UTF_8));
            return hash.getValue() % count == index;
        }

        /** Returns the name of this part's file. */
        String fileName() {
            return "part-%05d-of-%05d.jsonl".formatted(index, count);
        }
    }
}
