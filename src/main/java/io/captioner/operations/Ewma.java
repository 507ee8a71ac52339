package io.captioner.operations;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** The mean of a series in which each value counts less the older it is. Safe for use by several threads. */
final class Ewma {
    private final double weight;

    @GuardedBy("this") private double mean = Double.NaN;

    /** @param weight of the newest value, over 0 and up to 1; all older ones share the rest */
    Ewma(double weight) {
        this.weight = weight;
    }

    synchronized void add(double value) {
        mean = Double.isNaN(mean) ? value : mean + weight * (value - mean);
    }

    /** Returns the mean, 0 before the first value. */
    synchronized double get() {
        return Double.isNaN(mean) ? 0 : mean;
    }
}
