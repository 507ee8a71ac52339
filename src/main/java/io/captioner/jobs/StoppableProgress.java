package io.captioner.jobs;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * A progress whose tasks end with a {@link JobStoppedException} at their next step once the process is told to end:
 * TensorFlow crashes in a process that ends while it computes.
 */
final class StoppableProgress implements Progress, ApplicationListener<ContextClosedEvent> {
    private static final Logger log = LoggerFactory.getLogger(StoppableProgress.class);

    private final Progress progress;
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean stopped;

    StoppableProgress(Progress progress) {
        this.progress = progress;
    }

    /** SIGTERM and SIGINT close the context, and with it the log. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        stopped = true;
        if (running.get() > 0) {
            log.warn(
                    "The process was told to end: the job stops at its next step, which may take a minute. {}",
                    JobStoppedException.REMEDY);
        }
    }

    @Override
    public Task start(String name, long total) {
        Task task = progress.start(name, total);
        running.incrementAndGet();
        return new Task() {
            @Override
            public void step(long steps, String suffix) {
                task.step(steps, suffix);
                if (stopped) {
                    throw new JobStoppedException(name);
                }
            }

            @Override
            public void close() {
                running.decrementAndGet();
                task.close();
            }
        };
    }
}
