package io.captioner.api;

import java.io.IOException;

/** A body did not come within its time. */
final class UploadTimeoutException extends IOException {
    UploadTimeoutException() {
        super("the body did not come within its time");
    }

    /** Returns whether this is what made something fail. */
    static boolean isIn(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof UploadTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
