package io.captioner.batching;

import java.util.concurrent.atomic.AtomicBoolean;

/** The right to have a number of images in the house; whoever acquired it must close it, in {@code finally}. */
public final class Permit implements AutoCloseable {
    private final Admission admission;
    private final int images;
    private final AtomicBoolean released = new AtomicBoolean();

    Permit(Admission admission, int images) {
        this.admission = admission;
        this.images = images;
    }

    /** Returns for how many images it stands. */
    public int images() {
        return images;
    }

    /** Gives the permit back, from any thread; a second time does nothing. */
    @Override
    public void close() {
        if (released.compareAndSet(false, true)) {
            admission.release(images);
        }
    }
}
