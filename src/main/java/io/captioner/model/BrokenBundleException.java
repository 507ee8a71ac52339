package io.captioner.model;

import java.nio.file.Path;

/** A bundle that does not keep the contract; the message says what is wrong and where. */
public final class BrokenBundleException extends RuntimeException {
    public BrokenBundleException(Path where, String what) {
        super("%s: %s".formatted(where, what));
    }

    public BrokenBundleException(Path where, String what, Throwable cause) {
        super("%s: %s".formatted(where, what), cause);
    }
}
