package io.captioner.training.download;

import java.io.IOException;

/** Says that trying again would not help, and what would. */
public final class DownloadRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    DownloadRefusedException(String message) {
        super(message);
    }
}
