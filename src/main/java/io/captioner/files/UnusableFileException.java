package io.captioner.files;

import java.io.IOException;

/**
 * A file of a job that its reader does not accept; the message has the remedy. The same file fails again: such a job
 * ends with exit code 2.
 */
public final class UnusableFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message names the file, the place, what was found and the remedy */
    public UnusableFileException(String message) {
        super(message);
    }

    /** @param message names the file, the place, what was found and the remedy */
    public UnusableFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
