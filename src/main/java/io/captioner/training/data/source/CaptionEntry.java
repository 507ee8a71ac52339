package io.captioner.training.data.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a captions file says of one image, unchecked.
 *
 * @param where the place in the file, for people
 * @param image the picture's file name
 * @param split the split as it is written, null if the file says none
 * @param captions as written, in order; may be none or blank
 */
public record CaptionEntry(
        String where, String image, @Nullable String split, List<String> captions) {
    public CaptionEntry {
        captions = List.copyOf(captions);
    }

    /** Takes what a captions file holds, in the file's order. */
    public interface Sink {
        /** Takes one image with its captions. */
        void entry(CaptionEntry entry);

        /**
         * Takes a part of the file that is no image with captions; what follows it is read all the same.
         *
         * @param where its place, for people
         * @param why what it lacks
         */
        void unreadable(String where, String why);
    }
}
