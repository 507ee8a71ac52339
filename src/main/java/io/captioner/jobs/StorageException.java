package io.captioner.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The directory of a run cannot be read or written; the last complete checkpoint is intact. */
public final class StorageException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    /** @param what could not be done, and what helps */
    public StorageException(String what, IOException cause) {
        super("%s (%s)".formatted(what, cause), cause);
    }
}
