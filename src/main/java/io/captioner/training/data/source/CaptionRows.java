package io.captioner.training.data.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers files that have a row for every caption: an image's captions may lie apart. An image whose rows name several
 * splits becomes an entry for each.
 */
final class CaptionRows {
    private final Map<Key, Rows> images = new LinkedHashMap<>();

    private record Key(String image, @Nullable String split) {}

    private record Rows(String where, List<String> captions) {}

    /** Takes one row. */
    void add(String where, String image, @Nullable String split, String caption) {
        images.computeIfAbsent(new Key(image, split), key -> new Rows(where, new ArrayList<>()))
                .captions()
                .add(caption);
    }

    /** Hands over the images in the order of their first rows. */
    void drainTo(CaptionEntry.Sink sink) {
        images.forEach(
                (key, rows) -> sink.entry(new CaptionEntry(rows.where(), key.image(), key.split(), rows.captions())));
        images.clear();
    }
}
