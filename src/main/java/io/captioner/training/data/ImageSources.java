package io.captioner.training.data;

import io.captioner.files.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders and zip archives in which pictures are found by name and read in place. A path into an archive is read like
 * any other, by several threads, until this is closed.
 */
final class ImageSources implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(ImageSources.class);

    private final List<Root> roots;
    private final List<FileSystem> archives;

    private ImageSources(List<Root> roots, List<FileSystem> archives) {
        this.roots = roots;
        this.archives = archives;
    }

    /** @throws IOException if one of them is neither a folder nor a zip archive */
    static ImageSources open(List<Path> places) throws IOException {
        List<Root> roots = new ArrayList<>();
        List<FileSystem> archives = new ArrayList<>();
        ImageSources sources = new ImageSources(roots, archives);
        try {
            for (Path place : places) {
                if (Files.isDirectory(place)) {
                    roots.add(new Root(place));
                } else {
                    FileSystem archive = archive(place);
                    archives.add(archive);
                    roots.add(new Root(archive.getPath("/")));
                }
            }
            return sources;
        } catch (IOException e) {
            sources.close();
            throw e;
        }
    }

    private static FileSystem archive(Path place) throws IOException {
        if (!Files.exists(place)) {
            throw new NoSuchFileException(place.toString(), null, "there are no pictures; set data.photos");
        }
        try {
            return FileSystems.newFileSystem(place, Map.of("accessMode", "readOnly"));
        } catch (ProviderNotFoundException e) {
            throw new NotDirectoryException(place + " is neither a folder nor a zip archive; set data.photos");
        } catch (IOException e) {
            throw new IOException(
                    "%s is not a whole zip archive: %s; fetch it again".formatted(place, e.getMessage()), e);
        }
    }

    /**
     * Finds a picture by its path below a folder or archive, or by its bare name in any folder inside; the first place
     * that has it wins.
     *
     * @return nothing if it is nowhere, or if a bare name stands for several files of one place
     */
    Optional<Path> find(String image) throws IOException {
        for (Root root : roots) {
            Optional<Path> file = root.find(image);
            if (file.isPresent()) {
                return file;
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        for (FileSystem archive : archives) {
            archive.close();
        }
    }

    private static final class Root {
        private final Path folder;
        private @Nullable Map<String, Optional<Path>> byName;

        Root(Path folder) {
            this.folder = folder;
        }

        Optional<Path> find(String image) throws IOException {
            if (image.isBlank() || image.indexOf('\0') >= 0) {
                return Optional.empty();
            }
            Path file = folder.resolve(image).normalize();
            if (file.startsWith(folder.normalize()) && Files.isRegularFile(file)) {
                return Optional.of(file);
            }
            return byName().getOrDefault(image, Optional.empty());
        }

        private Map<String, Optional<Path>> byName() throws IOException {
            if (byName == null) {
                Map<String, Optional<Path>> found = new TreeMap<>();
                FileTree tree = FileTree.of(folder);
                tree.files()
                        .forEach((name, file) -> found.merge(
                                name.substring(name.lastIndexOf('/') + 1),
                                Optional.of(file.path()),
                                (first, second) -> Optional.empty()));
                tree.passedOver().log(log, folder);
                byName = found;
            }
            return byName;
        }
    }
}
