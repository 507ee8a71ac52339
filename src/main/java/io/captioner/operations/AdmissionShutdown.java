package io.captioner.operations;

import io.captioner.batching.Admission;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The first thing that stops when the service is told to: from then on new work is refused, so that 503 is heard while
 * the server still listens, and the accepted work is waited for. Spring has turned readiness off just before.
 */
@Component
@Profile("!training")
final class AdmissionShutdown implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(AdmissionShutdown.class);

    private final Admission admission;
    private final Duration grace;
    private volatile boolean running;

    AdmissionShutdown(Admission admission, @Value("${spring.lifecycle.timeout-per-shutdown-phase}") Duration grace) {
        this.admission = admission;
        this.grace = grace;
    }

    @Override
    public void start() {
        admission.open();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        admission.close();
        int inside = admission.inUse();
        log.info("stopping: new work is refused, {} images are finished, for at most {} s", inside, grace.toSeconds());
        try {
            if (!admission.awaitEmpty(grace)) {
                log.warn("{} images are given up: the grace is over", admission.inUse());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops before the web server, whose phases are a little lower. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
