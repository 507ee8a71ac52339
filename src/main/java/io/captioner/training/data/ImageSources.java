package io.captioner.training.data;

import io.captioner.files.FileTree;
import io.captioner.training.data.PictureIndex.Picture;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders and zip archives in which pictures are found by name and read in place. A path into an archive is read like
 * any other, by several threads, until this is closed.
 */
final class ImageSources implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(ImageSources.class);
    private static final int NEAR = 3;

    private final List<Root> roots = new ArrayList<>();

    private ImageSources() {}

    /** @throws IOException if one of them is neither a folder nor a zip archive that can be read */
    static ImageSources open(List<Path> places) throws IOException {
        ImageSources sources = new ImageSources();
        try {
            for (Path place : places) {
                sources.roots.add(Root.open(place));
            }
            return sources;
        } catch (IOException e) {
            sources.close();
            throw e;
        }
    }

    /**
     * What was found of an image.
     *
     * @param file the picture, if there is exactly one
     * @param near names that it may have meant, at most three
     */
    record Found(Optional<Path> file, List<String> near) {}

    /**
     * Finds a picture. By its exact path below a place, or its exact name in any folder inside, the first place that
     * has it wins. Else capitals, composed accents, backslashes, percent signs of URLs, folders that a place does not
     * have, and a missing ending do not count, if one picture alone remains in all places together.
     */
    Found find(String image) throws IOException {
        if (image.isBlank() || image.indexOf('\0') >= 0) {
            return new Found(Optional.empty(), List.of());
        }
        for (Root root : roots) {
            Optional<Path> file = root.exactly(image);
            if (file.isPresent()) {
                return new Found(file, List.of());
            }
        }
        Set<String> near = new LinkedHashSet<>();
        for (PhotoName reading : PhotoName.readings(image)) {
            if (!reading.isEmpty()) {
                List<Picture> like = new ArrayList<>();
                for (Root root : roots) {
                    like.addAll(root.index().like(reading));
                    root.index().near(reading).forEach(picture -> near.add(picture.path()));
                }
                Set<Path> best = PictureIndex.best(reading, like);
                if (best.size() == 1) {
                    return new Found(Optional.of(best.iterator().next()), List.of());
                }
            }
        }
        return new Found(Optional.empty(), near.stream().limit(NEAR).toList());
    }

    /** Returns whether a path is, or leads through, what a system keeps beside pictures. */
    static boolean isClutter(String path) {
        return Arrays.stream(path.split("[/\\\\]", -1))
                .anyMatch(part -> !part.equals(".") && !part.equals("..") && FileTree.isClutter(part));
    }

    static String nameOf(Path place) {
        Path name = place.toAbsolutePath().normalize().getFileName();
        return name == null ? "" : name.toString().replaceFirst("(?i)\\.zip$", "");
    }

    @Override
    public void close() throws IOException {
        for (Root root : roots) {
            if (root.archive != null) {
                root.archive.close();
            }
        }
    }

    private static final class Root {
        private final Path place;
        private final @Nullable ZipPictures archive;
        private @Nullable PictureIndex index;

        private Root(Path place, @Nullable ZipPictures archive) {
            this.place = place;
            this.archive = archive;
        }

        static Root open(Path place) throws IOException {
            if (Files.isDirectory(place)) {
                return new Root(place, null);
            }
            ZipPictures archive = ZipPictures.open(place);
            Root root = new Root(place, archive);
            try {
                root.index();
                return root;
            } catch (IOException e) {
                archive.close();
                throw e;
            }
        }

        /**
         * Looks at the path itself first: a folder need not be walked if all pictures are where they are said to be.
         */
        Optional<Path> exactly(String image) throws IOException {
            if (archive == null && !isClutter(image)) {
                try {
                    Path file = place.resolve(image).normalize();
                    if (file.startsWith(place.normalize()) && Files.isRegularFile(file)) {
                        return Optional.of(file);
                    }
                } catch (InvalidPathException notOfThisSystem) {
                    return index().exactly(image);
                }
            }
            return index().exactly(image);
        }

        PictureIndex index() throws IOException {
            if (index == null) {
                index = archive == null ? walk() : archive.index();
            }
            return index;
        }

        private PictureIndex walk() throws IOException {
            PictureIndex found = new PictureIndex(nameOf(place));
            FileTree tree = FileTree.of(place);
            tree.files().forEach((name, file) -> found.add(name, file.path()));
            tree.passedOver().log(log, place);
            return found;
        }
    }
}
