package io.captioner.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The JPEGs that a run sends: those of a folder, or drawn ones. */
final class Photos {
    /** More than are ever in the house at a time, so that no two requests in flight are for the same photo. */
    private static final int COUNT = 1_000;

    private static final int SIDE = 224;
    private static final float QUALITY = 0.85f;

    private Photos() {}

    static List<byte[]> of(Options options) throws IOException {
        return of(options, COUNT);
    }

    /** Returns at most so many photos. */
    static List<byte[]> of(Options options, int count) throws IOException {
        if (options.photos() == null) {
            return DrawnPhotos.draw(options.seed(), count, SIDE, SIDE)
                    .map(picture -> ImageFiles.jpeg(picture, QUALITY))
                    .toList();
        }
        List<byte[]> photos = new ArrayList<>();
        for (Path file : files(options.photos(), count)) {
            photos.add(Files.readAllBytes(file));
        }
        return photos;
    }

    private static List<Path> files(Path folder, int count) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(Photos::isJpeg).sorted().limit(count).toList();
            if (files.isEmpty()) {
                throw new IOException(
                        "there is no .jpg in %s: point bench.photos at a folder of JPEGs".formatted(folder));
            }
            return files;
        }
    }

    private static boolean isJpeg(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".jpg") || name.endsWith(".jpeg");
    }
}
