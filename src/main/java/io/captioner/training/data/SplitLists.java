package io.captioner.training.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which images the lists of splits name, and which of those were asked for. For one thread. */
final class SplitLists {
    private final Map<String, Map<Split, String>> places = new LinkedHashMap<>();
    private final Set<String> found = new LinkedHashSet<>();

    /** Reads the lists: an image a line, blank lines aside. */
    static SplitLists read(List<SplitFile> lists) throws IOException {
        SplitLists all = new SplitLists();
        for (SplitFile list : lists) {
            if (list.split() != null) {
                all.read(list.file(), list.split());
            }
        }
        return all;
    }

    private void read(Path file, Split split) throws IOException {
        int number = 1;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (!line.isBlank()) {
                places.computeIfAbsent(line.strip(), image -> new EnumMap<>(Split.class))
                        .putIfAbsent(split, "%s, line %d".formatted(file.getFileName(), number));
            }
            number++;
        }
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    /** Returns the splits whose lists name an image, which are several only by mistake. */
    Set<Split> of(String image) {
        int dot = image.lastIndexOf('.');
        String listed = places.containsKey(image) || dot < 0 ? image : image.substring(0, dot);
        Map<Split, String> splits = places.get(listed);
        if (splits == null) {
            return Set.of();
        }
        found.add(listed);
        return splits.keySet();
    }

    /** Returns a fault for each image in the lists that nobody asked for. */
    List<DatasetFault> unknown() {
        List<DatasetFault> faults = new ArrayList<>();
        places.forEach((image, splits) -> {
            if (!found.contains(image)) {
                splits.forEach((split, where) -> faults.add(new DatasetFault(
                        where, DatasetFault.Kind.UNKNOWN_IMAGE, "'%s' has no captions".formatted(image))));
            }
        });
        return faults;
    }
}
