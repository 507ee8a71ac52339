package io.captioner.batching;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A point in monotonic time after which an answer is of no use. Immutable. */
public final class Deadline {
    /** The {@link #remaining()} of a deadline that never comes: the longest duration that fits into nanoseconds. */
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private static final Duration LONGEST = FOR_EVER.dividedBy(2);
    private static final Deadline NEVER = new Deadline(null, 0);

    private final @Nullable LongSupplier nanoTime;
    private final long at;

    private Deadline(@Nullable LongSupplier nanoTime, long at) {
        this.nanoTime = nanoTime;
        this.at = at;
    }

    /**
     * Returns the deadline that comes {@code timeout} from now.
     *
     * @param timeout zero or less is a deadline that has passed already; more than a century is cut to one
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    public static Deadline after(Duration timeout, LongSupplier nanoTime) {
        Duration bounded = timeout.isNegative() ? Duration.ZERO : timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
        return new Deadline(nanoTime, nanoTime.getAsLong() + bounded.toNanos());
    }

    /** Returns the deadline that never comes. */
    public static Deadline never() {
        return NEVER;
    }

    /** Returns whether the deadline has passed. */
    public boolean expired() {
        return remaining().isZero();
    }

    /** Returns the time left, zero once the deadline has passed; it always fits into nanoseconds. */
    public Duration remaining() {
        if (nanoTime == null) {
            return FOR_EVER;
        }
        return Duration.ofNanos(Math.max(0, at - nanoTime.getAsLong()));
    }

    @Override
    public String toString() {
        return nanoTime == null ? "never" : "in " + remaining();
    }
}
