package io.captioner.compat;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The time of day and the elapsed time, for the answers of protocols.
 *
 * @param wall the time of day
 * @param nanoTime the elapsed time, as {@link System#nanoTime()}
 * @param started when the service started
 */
public record CompatClock(Clock wall, LongSupplier nanoTime, Instant started) {
    CompatClock(Clock wall, LongSupplier nanoTime) {
        this(wall, nanoTime, wall.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Returns the time of day. */
    public Instant now() {
        return wall.instant();
    }
}
