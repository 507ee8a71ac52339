package io.captioner.batching;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The door of the house: lets in as many images as there are permits for, and refuses the rest at once. Letting in
 * never blocks; safe for use by several threads.
 *
 * <p>When to come back is computed from the drain rate r, the images per second whose permits came back: a permit for n
 * images is expected back after (in use + n) / r. It is measured only while more are inside than one batch holds, for
 * fewer do not keep the device busy with full batches, and say nothing of how fast it is; nor do the first few of a
 * batch that come back, so nothing is predicted before as many as one batch holds have. Both sums behind r, images and
 * seconds, decay exponentially with a time constant of ten such seconds.
 */
public final class Admission {
    private static final Duration SOONEST_RETRY = Duration.ofSeconds(1);
    private static final Duration LATEST_RETRY = Duration.ofSeconds(60);
    private static final double DECAY_SECONDS = 10;

    /** How much longer than predicted it may take: who is let in and then too late has taken another's room. */
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
     * A door with all its permits free.
     *
     * @param capacity most images inside at a time
     * @param oneBatch images that the device takes at once
     * @param nanoTime the clock, as {@link System#nanoTime()}
     * @throws IllegalArgumentException if the capacity is below 1
     */
    public Admission(int capacity, int oneBatch, LongSupplier nanoTime) {
        if (capacity < 1) {
            throw new IllegalArgumentException("admit at least 1 image, not " + capacity);
        }
        this.capacity = capacity;
        this.oneBatch = oneBatch;
        this.nanoTime = nanoTime;
    }

    /**
     * Admits a request with all its images, or refuses it whole.
     *
     * @param images how many, between 1 and {@link #capacity()}
     * @throws OverloadedException if there are not enough free permits
     * @throws IllegalArgumentException if so many images can never be admitted
     */
    public Permit acquire(int images) {
        return acquire(images, Deadline.never());
    }

    /**
     * Admits a request with all its images if they can be done in time, or refuses it whole.
     *
     * @param images how many, between 1 and {@link #capacity()}
     * @param deadline when they must be done, a quarter of the predicted time to spare; not looked at before the drain
     *     rate has been measured, nor when nothing else is inside
     * @throws OverloadedException if there are not enough free permits, or the deadline will pass before the images are
     *     done
     * @throws AdmissionClosedException once it is closed
     * @throws IllegalArgumentException if so many images can never be admitted
     */
    public synchronized Permit acquire(int images, Deadline deadline) {
        requireRoom(images, deadline);
        inUse += images;
        return new Permit(this, images);
    }

    /**
     * Throws what {@link #acquire(int, Deadline)} would throw now, and admits nobody: for those who want to know before
     * they take the trouble of reading what is sent.
     */
    public synchronized void requireRoom(int images, Deadline deadline) {
        if (images < 1 || images > capacity) {
            throw new IllegalArgumentException(
                    "send between 1 and %d images at once, not %d".formatted(capacity, images));
        }
        if (closed) {
            throw new AdmissionClosedException();
        }
        measure();
        Duration finish = predictedFinish(images);
        if (images > capacity - inUse) {
            throw overloaded("%d of %d images are in the house".formatted(inUse, capacity), true, finish);
        }
        if (inUse > 0 && CAUTION * finish.toNanos() > deadline.remaining().toNanos()) {
            throw overloaded("%d images would take longer than allowed".formatted(images), false, finish);
        }
    }

    /** Lets in again what it refused since it was closed. */
    public synchronized void open() {
        closed = false;
    }

    /** Lets nothing new in from now on; what is inside stays until it is done. */
    public synchronized void close() {
        closed = true;
    }

    /**
     * Waits until nothing is inside.
     *
     * @return whether that was so before the time was over
     */
    public synchronized boolean awaitEmpty(Duration atMost) throws InterruptedException {
        Deadline deadline = Deadline.after(atMost, nanoTime);
        while (inUse > 0 && !deadline.expired()) {
            // Rounded up: wait(0) would be for ever.
            wait(deadline.remaining().toMillis() + 1);
        }
        return inUse == 0;
    }

    /** Returns how many images are inside. */
    public synchronized int inUse() {
        return inUse;
    }

    /** Returns the most images that are ever inside. */
    public int capacity() {
        return capacity;
    }

    synchronized void release(Permit permit) {
        if (!permit.giveBack()) {
            return;
        }
        measure();
        if (isBusy()) {
            drainedImages += permit.images();
        }
        inUse -= permit.images();
        notifyAll();
    }

    /** Counts the time since the last event if the device was busy: an idle night is no slow drain. */
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

    private static OverloadedException overloaded(String why, boolean full, Duration finish) {
        Duration retryAfter = finish.compareTo(SOONEST_RETRY) < 0
                ? SOONEST_RETRY
                : finish.compareTo(LATEST_RETRY) > 0 ? LATEST_RETRY : finish;
        return new OverloadedException(
                why + ": try again in " + retryAfter.plusMillis(999).toSeconds() + " s", full, retryAfter);
    }
}
