package io.captioner.jobs;

import io.captioner.files.FileFaults;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ExitCodeEvent;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * The outcome of a job: whether this process runs one, and its exit code.
 *
 * <p>A job runs under the profile {@code training}. {@code jobs} is another name of it, a profile group in
 * {@code application.yaml}, for jobs that do not train.
 */
public final class JobOutcome implements ApplicationListener<ApplicationEvent>, Ordered {
    private static final Logger log = LoggerFactory.getLogger(JobOutcome.class);

    private static final int UNEXPECTED = 1;
    private static final Duration LONGEST_STEP = Duration.ofMinutes(1);
    static final String PROFILE = "training";
    private static final Set<String> NAMES = Set.of(PROFILE, "jobs");

    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean job;
    /** Of a failure before the job starts, such as a property that is missing. */
    private int code = JobExitCodes.UNUSABLE;

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof ApplicationEnvironmentPreparedEvent prepared) {
            job = isNamed(prepared.getEnvironment());
        } else if (event instanceof ApplicationContextInitializedEvent initialized) {
            job = initialized.getApplicationContext().getEnvironment().matchesProfiles(PROFILE);
        } else if (event instanceof ApplicationStartedEvent) {
            code = UNEXPECTED;
        } else if (event instanceof ExitCodeEvent exit) {
            code = exit.getExitCode();
        }
    }

    /** Before configuration files are read, and with them the profile group: a broken one ends the start. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    private static boolean isNamed(Environment environment) {
        String profiles = environment.getProperty("spring.profiles.active", "");
        return Arrays.stream(profiles.split(",")).map(String::strip).anyMatch(NAMES::contains);
    }

    /** Returns whether this process runs a job, not the service. */
    public boolean isOfJob() {
        return job;
    }

    /** Logs why the job failed as the last line, and returns its exit code. */
    public int failed(Throwable failure) {
        log.error("The job failed with exit code {}: {}", code, reason(failure));
        return code;
    }

    /** Says that the job, where this process runs one, is over. */
    public void over() {
        over.countDown();
    }

    /** Waits until the job, where this process runs one, is over; for a minute at most. */
    public void awaitOver() {
        try {
            if (job && !over.await(LONGEST_STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("The job did not stop within {}: the process ends without it", LONGEST_STEP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Spring wraps failures without a reason of their own; of the types of this program the message is enough. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof BindException)) {
            cause = cause.getCause();
        }
        if (cause instanceof BindException setting) {
            return "%s; its value, the reason and a remedy are in the lines above".formatted(setting.getMessage());
        }
        cause = JobExitCodes.decisive(failure);
        if (cause instanceof FileSystemException ofFile && ofFile.getFile() != null) {
            String what = "%s: %s".formatted(ofFile.getFile(), FileFaults.reason(ofFile));
            return ofFile.getReason() == null ? what + "; correct the setting that names it" : what;
        }
        String message = cause.getMessage();
        boolean own = cause.getClass().getPackageName().startsWith("io.captioner");
        return own && message != null ? message : cause.toString();
    }

    /**
     * What keeps stack traces out of the log of a job that fails for a known reason: {@link JobOutcome} says the
     * reason, and where in the program it was met helps only with faults of the program.
     */
    static final class JobFailureReporter implements SpringBootExceptionReporter {
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
}
