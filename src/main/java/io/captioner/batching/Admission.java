package io.captioner.batching;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.batching.BatchRejectedException.Reason;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Admission control: admits at most {@link #capacity()} images at a time and rejects the rest at once. Admission never
 * blocks; safe for use by several threads.
 *
 * <p>The time to retry is computed from the drain rate r, the images per second whose permits were released: a permit
 * for n images is expected back after (in use + n) / r. The rate is measured only while more images are in flight than
 * one batch holds, because fewer do not fill the device's batches. The first few releases of a batch tell nothing about
 * the rate either, so nothing is predicted before one batch's number of images has been released. Both sums behind r,
 * images and seconds, decay exponentially with a time constant of ten such seconds.
 */
public final class Admission {
    private static final Duration SOONEST_RETRY = Duration.ofSeconds(1);
    private static final Duration LATEST_RETRY = Duration.ofSeconds(60);
    private static final double DECAY_SECONDS = 10;

    /** How much longer than predicted it may take: a request that is admitted and then late has wasted its permits. */
    private static final double CAUTION = 1.25;

    private final int capacity;
    private final int oneBatch;
    private final LongSupplier nanoTime;

    @GuardedBy("this") private int inUse;

    @GuardedBy("this") private long measuredAt;

    @GuardedBy("this") private double drainedImages;

    @GuardedBy("this") private double busySeconds;

    @GuardedBy("this") private boolean closed;

    /**
     * An admission with all permits free.
     *
     * @param capacity most images in flight at a time
     * @param oneBatch images that the device takes at once
     * @param nanoTime the clock, as {@link System#nanoTime()}
     * @throws IllegalArgumentException if the capacity is below 1
     */
    public Admission(int capacity, int oneBatch, LongSupplier nanoTime) {
        if (capacity < 1) {
            throw new IllegalArgumentException("the capacity is %d: it must be at least 1 image".formatted(capacity));
        }
        this.capacity = capacity;
        this.oneBatch = oneBatch;
        this.nanoTime = nanoTime;
    }

    /**
     * Admits a request with all its images if they can be done in time, or rejects it as a whole.
     *
     * @param images number of images, 1 to {@link #capacity()}
     * @param deadline when they must be done, with a quarter of the predicted time to spare; ignored before the drain
     *     rate has been measured, and while nothing else is in flight
     * @throws BatchRejectedException if there are not enough free permits, the deadline will pass before the images are
     *     done, or the admission is closed
     * @throws IllegalArgumentException if the number of images is out of its range
     */
    public synchronized Permit acquire(int images, Deadline deadline) {
        requireRoom(images, deadline);
        inUse += images;
        return new Permit(this, images);
    }

    /**
     * Throws what {@link #acquire(int, Deadline)} would throw now, and admits nothing: so that a caller can reject a
     * request before it reads the body.
     */
    public synchronized void requireRoom(int images, Deadline deadline) {
        if (images < 1 || images > capacity) {
            throw new IllegalArgumentException(
                    "send between 1 and %d images at once, not %d".formatted(capacity, images));
        }
        if (closed) {
            throw new BatchRejectedException(
                    Reason.ADMISSION_CLOSED, "the admission is closed: it admits no more images");
        }
        measure();
        Duration finish = predictedFinish(images);
        if (images > capacity - inUse) {
            throw overloaded(Reason.NO_PERMITS, "%d of %d images are in flight".formatted(inUse, capacity), finish);
        }
        if (inUse > 0 && CAUTION * finish.toNanos() > deadline.remaining().toNanos()) {
            throw overloaded(Reason.TOO_LATE, "%d images would take longer than allowed".formatted(images), finish);
        }
    }

    /** Admits again, after {@link #close}. */
    public synchronized void open() {
        closed = false;
    }

    /** Admits nothing from now on; images in flight keep their permits. */
    public synchronized void close() {
        closed = true;
    }

    /**
     * Waits until no image is in flight.
     *
     * @return false if the time ran out before
     */
    public synchronized boolean awaitEmpty(Duration atMost) throws InterruptedException {
        Deadline deadline = Deadline.after(atMost, nanoTime);
        while (inUse > 0 && !deadline.expired()) {
            // Rounded up: wait(0) would be for ever.
            wait(deadline.remaining().toMillis() + 1);
        }
        return inUse == 0;
    }

    /** Returns how many images are in flight. */
    public synchronized int inUse() {
        return inUse;
    }

    /** Returns the most images that may be in flight. */
    public int capacity() {
        return capacity;
    }

    synchronized void release(Permit permit) {
        if (!permit.markReleased()) {
            return;
        }
        measure();
        if (isBusy()) {
            drainedImages += permit.images();
        }
        inUse -= permit.images();
        notifyAll();
    }

    /** Counts the time since the last event if the device was busy: idle time does not slow the drain rate. */
    @GuardedBy("this") private void measure() {
        long now = nanoTime.getAsLong();
        if (isBusy()) {
            double seconds = (now - measuredAt) / 1e9;
            double kept = Math.exp(-seconds / DECAY_SECONDS);
            drainedImages *= kept;
            busySeconds = busySeconds * kept + seconds;
        }
        measuredAt = now;
    }

    @GuardedBy("this") private boolean isBusy() {
        return inUse > oneBatch;
    }

    @GuardedBy("this") private Duration predictedFinish(int images) {
        if (drainedImages <= 0 || drainedImages < oneBatch || busySeconds <= 0) {
            return Duration.ZERO;
        }
        double seconds = (inUse + images) * busySeconds / drainedImages;
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private static BatchRejectedException overloaded(Reason reason, String condition, Duration finish) {
        Duration retryAfter = finish.compareTo(SOONEST_RETRY) < 0
                ? SOONEST_RETRY
                : finish.compareTo(LATEST_RETRY) > 0 ? LATEST_RETRY : finish;
        return new BatchRejectedException(
                reason,
                "%s: try again in %d s"
                        .formatted(condition, retryAfter.plusMillis(999).toSeconds()),
                retryAfter);
    }
}
