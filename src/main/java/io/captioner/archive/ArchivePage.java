package io.captioner.archive;

import java.util.List;

/**
 * One page of what was found.
 *
 * @param total how many entries were found
 * @param entries those of the page, in order
 */
public record ArchivePage(long total, List<ArchivedCaption> entries) {
    /** Takes a copy of the list. */
    public ArchivePage {
        entries = List.copyOf(entries);
    }
}
