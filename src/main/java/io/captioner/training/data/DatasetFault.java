package io.captioner.training.data;

/**
 * One fault in a data set.
 *
 * @param where the place in the captions file, for people
 * @param kind what sort of fault it is
 * @param detail what exactly is wrong
 */
public record DatasetFault(String where, Kind kind, String detail) {
    /** The faults the lint knows, and what a lenient reading leaves out for them. */
    public enum Kind {
        /** A part of the file is no image with captions; it is left out. */
        BAD_ENTRY,
        /** The split is none of train, val and test, or there is none; the image is left out. */
        UNKNOWN_SPLIT,
        /** A caption is blank and left out; an image without any other is left out too. */
        EMPTY_CAPTION,
        /** A list of a split names an image that has no captions. */
        UNKNOWN_IMAGE,
        /** The picture is in no folder and no archive; the image is left out. */
        MISSING_PICTURE,
        /** The picture cannot be read or decoded; the image is left out. */
        BROKEN_PICTURE,
        /** The file name or the very same picture stands in the same split again; the second is left out. */
        DUPLICATE_IMAGE,
        /**
         * The file name or the very same picture stands in two splits; the image is left out of train, or of val if the
         * other is test, so that what scores are measured on stays what it was.
         */
        SPLIT_LEAK
    }

    @Override
    public String toString() {
        return "%s: %s".formatted(where, detail);
    }
}
