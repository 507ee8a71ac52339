package io.captioner.jobs;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ExitCodeEvent;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** How a job of the {@code training} profile ends: listens to the application, and knows its exit code. */
public final class JobOutcome implements ApplicationListener<ApplicationEvent>, Ordered {
    private static final Logger log = LoggerFactory.getLogger(JobOutcome.class);

    /** Of what fails before the job starts, such as a property that is missing. */
    private static final int NOT_STARTED = 2;

    private static final int UNEXPECTED = 1;
    static final String PROFILE = "training";

    private boolean job;
    private int code = NOT_STARTED;

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

    /** Before configuration files are read: one that is missing or broken ends the start. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    private static boolean isNamed(Environment environment) {
        String profiles = environment.getProperty("spring.profiles.active", "");
        return Arrays.stream(profiles.split(",")).map(String::strip).anyMatch(PROFILE::equals);
    }

    public boolean isOfJob() {
        return job;
    }

    /** Says in a last line why the job failed, and returns its exit code. */
    public int failed(Throwable failure) {
        log.error("The job failed with exit code {}: {}", code, reason(failure));
        return code;
    }

    /** Spring wraps what fails, and says only that it did; the types of this program say no more than its messages. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof BindException)) {
            cause = cause.getCause();
        }
        if (cause instanceof BindException setting) {
            return "%s; its value, the reason and a remedy are in the lines above".formatted(setting.getMessage());
        }
        cause = JobExitCodes.decisive(failure);
        String message = cause.getMessage();
        boolean own = cause.getClass().getPackageName().startsWith("io.captioner");
        return own && message != null ? message : cause.toString();
    }
}
