package io.captioner.bench;

/**
 * One request of a load and what became of it; times are those of {@link System#nanoTime()}.
 *
 * @param due when it should have been sent
 * @param done when its answer was there
 * @param status the answer's status, {@link #NONE} without an answer
 */
record Sample(long due, long done, int status) {
    static final int NONE = 0;

    boolean ok() {
        return status == Response.OK;
    }

    /** Whether the server said that it has too much to do: 429 and 503. */
    boolean refused() {
        return status == 429 || status == 503;
    }

    /** Since it was due, so that a sender that fell behind hides nothing. */
    long nanos() {
        return done - due;
    }
}
