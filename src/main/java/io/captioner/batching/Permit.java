package io.captioner.batching;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** The right to have a number of images in flight; its owner must close it, in {@code finally}. */
public final class Permit implements AutoCloseable {
    private final Admission admission;
    private final int images;

    @GuardedBy("admission") private boolean released;

    Permit(Admission admission, int images) {
        this.admission = admission;
        this.images = images;
    }

    /** Returns the number of images. */
    public int images() {
        return images;
    }

    /** Marks the permit as released; returns whether it was not released before. */
    boolean markReleased() {
        synchronized (admission) {
            boolean isFirst = !released;
            released = true;
            return isFirst;
        }
    }

    /** Releases the permit, from any thread; a second call does nothing. */
    @Override
    public void close() {
        admission.release(this);
    }
}
