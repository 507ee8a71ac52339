package io.captioner.training.run;

import io.captioner.jobs.JobExitCodes;
import org.springframework.boot.ExitCodeGenerator;

/** Says that a step's loss is no number any more, and where its batch is described. */
public final class DivergedException extends RuntimeException implements ExitCodeGenerator {
    private static final long serialVersionUID = 1L;

    public DivergedException(String message) {
        super(message);
    }

    @Override
    public int getExitCode() {
        return JobExitCodes.DIVERGED;
    }
}
