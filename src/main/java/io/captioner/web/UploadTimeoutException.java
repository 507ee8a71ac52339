package io.captioner.web;

import java.io.IOException;

/** A body did not come within its time. */
final class UploadTimeoutException extends IOException {
    UploadTimeoutException() {
        super("the body did not come within its time");
    }
}
