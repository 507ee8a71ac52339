package io.captioner.batching;

/** The right to have a number of images in the house; whoever acquired it must close it, in {@code finally}. */
public final class Permit implements AutoCloseable {
    private final Admission admission;
    private final int images;

    /** Guarded by the admission. */
    boolean released;

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
        admission.release(this);
    }
}
