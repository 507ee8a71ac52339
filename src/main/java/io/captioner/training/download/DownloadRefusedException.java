package io.captioner.training.download;

import io.captioner.jobs.JobExitCodes;
import java.io.IOException;
import org.springframework.boot.ExitCodeGenerator;

/** A download that no retry can complete; the message has the remedy. */
final class DownloadRefusedException extends IOException implements ExitCodeGenerator {
    private static final long serialVersionUID = 1L;

    DownloadRefusedException(String message) {
        super(message);
    }

    @Override
    public int getExitCode() {
        return JobExitCodes.UNUSABLE;
    }
}
