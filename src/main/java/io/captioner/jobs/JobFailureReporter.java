package io.captioner.jobs;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What keeps stack traces out of the log of a job that fails for a known reason: {@link JobOutcome} says the reason,
 * and where in the program it was met helps only with faults of the program.
 */
final class JobFailureReporter implements SpringBootExceptionReporter {
    private final @Nullable ConfigurableApplicationContext context;

    /** @param context null if the failure is from before there was one */
    JobFailureReporter(@Nullable ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Override
    public boolean reportException(Throwable failure) {
        return context != null
                && context.getEnvironment().matchesProfiles(JobOutcome.PROFILE)
                && new JobExitCodes().getExitCode(failure) != 0;
    }
}
