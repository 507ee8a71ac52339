package io.captioner.operations;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.batching.BatchListener;
import io.captioner.registry.ModelLease;
import io.captioner.registry.ModelRegistry;
import io.captioner.registry.NoModelException;
import io.captioner.registry.UnknownModelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Detects a device that is permanently broken, which only a restart of the service may fix.
 *
 * <p>After a number of failures in a row it probes the device: the images may be bad input, and a client that sends bad
 * input must not cause a restart. The default model captions a black image; only if that fails as well is liveness
 * turned off. The next good run of the device turns it on again. Safe for use by several threads.
 */
final class DeviceHealth implements BatchListener {
    private static final Logger log = LoggerFactory.getLogger(DeviceHealth.class);

    private final ModelRegistry models;
    private final int maxFailures;
    private final Executor probes;
    private final ApplicationEventPublisher events;

    @GuardedBy("this") private int failures;

    @GuardedBy("this") private boolean probing;

    @GuardedBy("this") private boolean broken;

    /**
     * A detector without failures.
     *
     * @param maxFailures failures in a row before a probe
     * @param probes runs a probe, which takes as long as the device does, on another thread than the caller's
     * @param events receives {@link LivenessState}
     */
    DeviceHealth(ModelRegistry models, int maxFailures, Executor probes, ApplicationEventPublisher events) {
        this.models = models;
        this.maxFailures = maxFailures;
        this.probes = probes;
        this.events = events;
    }

    @Override
    public synchronized void ran(int size, int paddedSize, List<Duration> queued, Duration device) {
        failures = 0;
        if (broken) {
            broken = false;
            log.info("the device runs again: liveness is on");
            AvailabilityChangeEvent.publish(events, this, LivenessState.CORRECT);
        }
    }

    @Override
    public synchronized void failed(int inputs, Throwable cause) {
        failures++;
        if (failures >= maxFailures && !probing && !broken) {
            probing = true;
            probes.execute(this::probe);
        }
    }

    private void probe() {
        try {
            try (ModelLease lease = models.lease(null)) {
                lease.model().warmUp(1);
            }
            markHealthy("but not on a black image: check the images that were sent");
        } catch (NoModelException | UnknownModelException noModel) {
            markHealthy("and there is no default model to probe it with");
        } catch (RuntimeException | Error failure) {
            markBroken(failure);
        }
    }

    private synchronized void markHealthy(String why) {
        log.warn("the device failed on {} images in a row, {}", failures, why);
        probing = false;
        failures = 0;
    }

    private synchronized void markBroken(Throwable failure) {
        probing = false;
        if (failures > 0) { // else a good run came in between
            broken = true;
            log.error(
                    "the device failed on {} images in a row and on a black image: liveness is off, restart the service",
                    failures,
                    failure);
            AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
        }
    }
}
