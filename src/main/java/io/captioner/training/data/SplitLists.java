package io.captioner.training.data;

import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.data.source.TextFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which images the lists of splits name, and which of those were asked for. Images are named as in the captions, or
 * without their ending, with more or fewer folders, or in other capitals. For one thread.
 */
final class SplitLists {
    private final Map<String, Map<Split, String>> places = new LinkedHashMap<>();
    private final Map<String, Set<String>> byStem = new HashMap<>();
    private final Set<String> found = new LinkedHashSet<>();

    /** Reads the lists: an image a line, blank lines aside. */
    static SplitLists read(List<SplitFile> lists) throws IOException {
        SplitLists all = new SplitLists();
        for (SplitFile list : lists) {
            Split split = list.split();
            if (split != null) {
                TextFiles.forEachLine(
                        list.file(),
                        (number, line) -> all.add(line.strip(), split, TextFiles.where(list.file(), number)));
            }
        }
        return all;
    }

    private void add(String image, Split split, String where) {
        places.computeIfAbsent(image, listed -> new EnumMap<>(Split.class)).putIfAbsent(split, where);
        for (PhotoName name : PhotoName.readings(image)) {
            if (name.isEmpty()) {
                continue;
            }
            byStem.computeIfAbsent(name.stem(), stem -> new LinkedHashSet<>()).add(image);
            byStem.computeIfAbsent(name.key(), stem -> new LinkedHashSet<>()).add(image);
        }
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    /** Returns the splits whose lists name an image, which are several only by mistake. */
    Set<Split> of(String image) {
        Set<Split> splits = EnumSet.noneOf(Split.class);
        for (String listed : listed(image)) {
            found.add(listed);
            splits.addAll(places.getOrDefault(listed, Map.of()).keySet());
        }
        return splits;
    }

    private List<String> listed(String image) {
        int dot = image.lastIndexOf('.');
        String listed = places.containsKey(image) || dot < 0 ? image : image.substring(0, dot);
        if (places.containsKey(listed)) {
            return List.of(listed);
        }
        for (PhotoName name : PhotoName.readings(image)) {
            List<String> like = like(name);
            if (!like.isEmpty()) {
                return like;
            }
        }
        return List.of();
    }

    private List<String> like(PhotoName name) {
        if (name.isEmpty()) {
            return List.of();
        }
        Set<String> like = new LinkedHashSet<>(byStem.getOrDefault(name.key(), Set.of()));
        like.addAll(byStem.getOrDefault(name.stem(), Set.of()));
        return like.stream()
                .filter(other -> PhotoName.readings(other).stream().anyMatch(listed -> fits(name, listed)))
                .toList();
    }

    private static boolean fits(PhotoName image, PhotoName listed) {
        boolean named = image.key().equals(listed.key())
                || image.key().equals(listed.stem())
                || image.stem().equals(listed.key());
        return named && image.foldersFit(listed);
    }

    /** Returns a fault for each image in the lists that has no captions. */
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
