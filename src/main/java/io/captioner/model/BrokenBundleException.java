package io.captioner.model;

import io.captioner.files.FileFaults;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A bundle that does not keep the contract; the message says what is wrong and where. */
public final class BrokenBundleException extends RuntimeException {
    public BrokenBundleException(Path where, String what) {
        super("%s: %s".formatted(where, what));
    }

    public BrokenBundleException(Path where, String what, Throwable cause) {
        super("%s: %s".formatted(where, what), cause);
    }

    static BrokenBundleException unreadable(Path where, IOException cause) {
        String what = cause instanceof NoSuchFileException
                ? "is not there: name the directory of a whole bundle, <name>/<version>"
                : unreadable(FileFaults.reason(cause));
        return new BrokenBundleException(where, what, cause);
    }

    /** Returns what to say of a file of a bundle that cannot be read. */
    static String unreadable(String reason) {
        return "cannot be read (%s): make it readable for the user that runs this program, or take the bundle away"
                .formatted(reason);
    }
}
