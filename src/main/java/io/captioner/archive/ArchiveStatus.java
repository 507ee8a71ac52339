package io.captioner.archive;

/**
 * The state of the archive.
 *
 * @param writable whether the last attempt to write succeeded
 * @param fault why not, or why entries are not found; empty if all is well
 * @param entries in the index, -1 if that is not known
 * @param bytes of index and log on the disk, -1 if that is not known
 */
public record ArchiveStatus(boolean writable, String fault, long entries, long bytes) {
    /** Tells the state of the archive when it is asked. */
    @FunctionalInterface
    public interface Source {
        ArchiveStatus get();
    }

    /** What is not known. */
    static final long UNKNOWN = -1;
}
