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
 * The judge of whether the device is broken for good, which only a restart of the service may cure.
 *
 * <p>After a number of failures in a row it takes nobody's word: the images may be poison, and who sends poison must
 * not get the service restarted. It has the default model caption a black image of its own; only if that fails as well
 * is liveness turned off. The next good run of the device turns it on again. Safe for use by several threads.
 */
final class DeviceHealth implements BatchListener {
    private static final Logger log = LoggerFactory.getLogger(DeviceHealth.class);

    private final ModelRegistry models;
    private final int maxFailures;
    private final Executor trials;
    private final ApplicationEventPublisher events;

    @GuardedBy("this") private int failures;

    @GuardedBy("this") private boolean onTrial;

    @GuardedBy("this") private boolean broken;

    /**
     * A judge that has seen nothing yet.
     *
     * @param maxFailures failures in a row before a trial
     * @param trials runs a trial, which takes as long as the device does, on another thread than the caller's
     * @param events told of {@link LivenessState}
     */
    DeviceHealth(ModelRegistry models, int maxFailures, Executor trials, ApplicationEventPublisher events) {
        this.models = models;
        this.maxFailures = maxFailures;
        this.trials = trials;
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
        if (failures >= maxFailures && !onTrial && !broken) {
            onTrial = true;
            trials.execute(this::tryOut);
        }
    }

    private void tryOut() {
        try {
            try (ModelLease lease = models.lease(null)) {
                lease.model().warmUp(1);
            }
            acquit("but not on one of our own: look at the images");
        } catch (NoModelException | UnknownModelException noModel) {
            acquit("and there is no default model to try it with");
        } catch (RuntimeException | Error failure) {
            condemn(failure);
        }
    }

    private synchronized void acquit(String why) {
        log.warn("the device failed on {} images in a row, {}", failures, why);
        onTrial = false;
        failures = 0;
    }

    private synchronized void condemn(Throwable failure) {
        onTrial = false;
        if (failures > 0) { // else a good run came in between
            broken = true;
            log.error(
                    "the device failed on {} images in a row and on one of our own: liveness is off, restart the service",
                    failures,
                    failure);
            AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
        }
    }
}
