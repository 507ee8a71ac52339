package io.captioner.operations;

import io.captioner.registry.ModelRegistry;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.event.EventListener;

/**
 * The timer that has the registry scan for new versions, on its own thread, from the end of the start until it is
 * closed. A scan that fails is logged and does not end the watch.
 */
final class ModelWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ModelWatch.class);

    private final ModelRegistry models;
    private final WarmUp warmUp;
    private final WatchProperties properties;
    private final ScheduledExecutorService thread;

    /**
     * A watch that is not started yet.
     *
     * @param thread owned by the watch from now on
     */
    ModelWatch(ModelRegistry models, WarmUp warmUp, WatchProperties properties, ScheduledExecutorService thread) {
        this.models = models;
        this.warmUp = warmUp;
        this.properties = properties;
        this.thread = thread;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        long nanos = properties.interval().toNanos();
        if (nanos > 0) {
            ScheduledFuture<?> ends = thread.scheduleWithFixedDelay(this::scan, nanos, nanos, TimeUnit.NANOSECONDS);
            log.debug("scanning for new models every {}, {}", properties.interval(), ends);
        }
    }

    void scan() {
        try {
            models.poll(warmUp::warmUp);
        } catch (RuntimeException | Error e) {
            log.error("the scan for new models failed: the next one is in {}", properties.interval(), e);
        }
    }

    /** Stops; a scan in progress is not interrupted, and the registry waits for it when it is closed. */
    @Override
    public void close() {
        thread.shutdown();
    }

    /**
     * How the directory of the bundles is watched: {@code captioner.watch.*}.
     *
     * @param interval time between two scans, 0 for none. A new version is verified at the second scan that finds the same
     *     files: shorter serves it sooner, and gives a slow copy less time between two of its files
     */
    @ConfigurationProperties("captioner.watch")
    record WatchProperties(@DefaultValue("10s") Duration interval) {
        /** @throws IllegalArgumentException if the interval is negative */
        WatchProperties {
            if (interval.isNegative()) {
                throw new IllegalArgumentException(
                        "captioner.watch.interval must be positive, or 0 for never, not " + interval);
            }
        }
    }
}
