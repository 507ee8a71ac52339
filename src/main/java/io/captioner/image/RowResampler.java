package io.captioner.image;

/** A resize that is fed row by row. For one thread. */
interface RowResampler {
    /** Takes the next source row, top to bottom, as RGB bytes. */
    void add(byte[] rgb);

    /** Returns the bytes of the resized picture once every source row was added. */
    byte[] finish();
}
