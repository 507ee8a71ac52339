package io.captioner.training.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The pictures of one folder or archive by name. For one thread. */
final class PictureIndex {
    private final Map<String, Path> byPath = new HashMap<>();
    private final Map<String, Optional<Path>> byBareName = new HashMap<>();
    private final Map<String, List<Picture>> byKey = new HashMap<>();
    private final Map<String, List<Picture>> byStem = new HashMap<>();
    private final String place;
    private List<String> common = List.of();
    private boolean any;

    /** @param place the name of the folder or archive: captions files may write it before a picture's path */
    PictureIndex(String place) {
        this.place = place;
    }

    /** A picture, and its path with the place's name before it. */
    record Picture(String path, PhotoName name, Path file) {}

    /**
     * Adds a picture.
     *
     * @param path below the place; one file may have several, of which any may be asked for
     */
    void add(String path, Path file) {
        PhotoName name = PhotoName.of(path);
        if (name.isEmpty()) {
            return;
        }
        List<String> folders = name.parts().subList(0, name.parts().size() - 1);
        common = any ? commonStart(common, folders) : folders;
        any = true;
        byPath.putIfAbsent(path, file);
        byBareName.merge(
                path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1),
                Optional.of(file),
                (first, second) -> first.equals(second) ? first : Optional.empty());
        Picture picture = new Picture(path, PhotoName.of(place + "/" + path), file);
        byKey.computeIfAbsent(name.key(), key -> new ArrayList<>()).add(picture);
        byStem.computeIfAbsent(name.stem(), key -> new ArrayList<>()).add(picture);
    }

    private static List<String> commonStart(List<String> one, List<String> other) {
        int length = 0;
        while (length < Math.min(one.size(), other.size()) && one.get(length).equals(other.get(length))) {
            length++;
        }
        return one.subList(0, length);
    }

    /** Returns the picture that has exactly this path, or exactly this name and no other has it. */
    Optional<Path> exactly(String image) {
        Path file = byPath.get(image);
        return file != null ? Optional.of(file) : byBareName.getOrDefault(image, Optional.empty());
    }

    /**
     * Returns the pictures that an image may mean: of the same name but for capitals and accents, or of the same name
     * without its ending if the image has none, in a folder that fits. Folders that all pictures here share may be left
     * out or have another name.
     */
    List<Picture> like(PhotoName image) {
        List<Picture> named = byKey.getOrDefault(image.key(), List.of());
        if (named.isEmpty() && image.key().indexOf('.') < 0) {
            named = byStem.getOrDefault(image.key(), List.of());
        }
        return named.stream().filter(picture -> fits(image, picture.name())).toList();
    }

    private boolean fits(PhotoName image, PhotoName picture) {
        int shared = image.sharedFolders(picture);
        int own = picture.parts().size() - 2 - common.size();
        return shared == image.parts().size() - 1 || shared >= own;
    }

    /** Returns pictures whose names are near to an image's: in another folder, or with another ending. */
    List<Picture> near(PhotoName image) {
        return byStem.getOrDefault(image.stem(), List.of());
    }

    /** Returns the files among pictures that share most with an image: first by folders, then by capitals. */
    static Set<Path> best(PhotoName image, List<Picture> pictures) {
        Comparator<Picture> order = Comparator.comparingInt((Picture picture) -> image.sharedFolders(picture.name()))
                .thenComparingInt(picture -> image.sharedExactly(picture.name()));
        Set<Path> files = new LinkedHashSet<>();
        pictures.stream()
                .max(order)
                .ifPresent(best -> pictures.stream()
                        .filter(picture -> order.compare(picture, best) == 0)
                        .forEach(picture -> files.add(picture.file())));
        return files;
    }
}
