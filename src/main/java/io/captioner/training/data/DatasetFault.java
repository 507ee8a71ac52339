package io.captioner.training.data;

/**
 * One fault in a captions file.
 *
 * @param line the line it stands in, counted from 1
 * @param kind what sort of fault it is
 * @param detail what exactly is wrong
 */
public record DatasetFault(int line, Kind kind, String detail) {
    /** The faults the lint knows. */
    public enum Kind {
        /** The line is not the JSON object it should be. */
        BAD_LINE,
        /** The split is none of train, val and test. */
        UNKNOWN_SPLIT,
        /** There is no caption, or one is blank. */
        EMPTY_CAPTION,
        /** The picture is not in the photos folder. */
        MISSING_PICTURE,
        /** The image was already named in the same split. */
        DUPLICATE_IMAGE,
        /** The image was already named in another split, so that one split would leak into the other. */
        SPLIT_LEAK
    }

    @Override
    public String toString() {
        return "line %d: %s".formatted(line, detail);
    }
}
