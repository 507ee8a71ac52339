package io.captioner.batching;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** The right to have a number of images in the house; whoever acquired it must close it, in {@code finally}. */
public final class Permit implements AutoCloseable {
    private final Admission admission;
    private final int images;

    @GuardedBy("admission") private boolean released;

    Permit(Admission admission, int images) {
        this.admission = admission;
        this.images = images;
    }

    /** Returns for how many images it stands. */
    public int images() {
        return images;
    }

    /** Marks the permit as given back; returns whether this was the first time. */
    boolean giveBack() {
        synchronized (admission) {
            boolean isFirst = !released;
            released = true;
            return isFirst;
        }
    }

    /** Gives the permit back, from any thread; a second time does nothing. */
    @Override
    public void close() {
        admission.release(this);
    }
}
