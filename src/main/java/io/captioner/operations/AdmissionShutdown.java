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
 * Closes the admission first when the service stops: from then on new work is answered with 503 while the server still
 * listens, and admitted work is waited for. Spring has turned readiness off just before.
 */
@Component
@Profile("!training")
final class AdmissionShutdown implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(AdmissionShutdown.class);

    private final Admission admission;
    private final Duration gracePeriod;
    private volatile boolean running;

    AdmissionShutdown(
            Admission admission, @Value("${spring.lifecycle.timeout-per-shutdown-phase}") Duration gracePeriod) {
        this.admission = admission;
        this.gracePeriod = gracePeriod;
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
        int inFlight = admission.inUse();
        log.info(
                "stopping: new work is refused, {} images in flight have at most {} s",
                inFlight,
                gracePeriod.toSeconds());
        try {
            if (!admission.awaitEmpty(gracePeriod)) {
                log.warn("{} images are dropped: the grace period is over", admission.inUse());
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
