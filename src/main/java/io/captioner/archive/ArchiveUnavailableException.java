package io.captioner.archive;

/** The archive cannot be read or written now; its message is for the client, its cause for the log. */
public final class ArchiveUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ArchiveUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
