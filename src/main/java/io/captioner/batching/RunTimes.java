package io.captioner.batching;

import java.util.Arrays;
import java.util.List;

/**
 * The measured run times of a device by batch size, in nanoseconds: exponentially weighted means, kept apart for runs
 * that were alone and runs beside another one. Not safe for use by several threads.
 */
final class RunTimes {
    private static final double NEWEST_RUN = 0.2;

    /** Runs after which a mean is used to compare. */
    private static final int ENOUGH_RUNS = 3;

    private final int[] sizes;
    private final Means alone;
    private final Means beside;

    /** @param sizes the sizes that the device is run with, ascending */
    RunTimes(List<Integer> sizes) {
        this.sizes = sizes.stream().mapToInt(Integer::intValue).toArray();
        this.alone = new Means(this.sizes.length);
        this.beside = new Means(this.sizes.length);
    }

    private static final class Means {
        final double[] nanos;
        final int[] runs;

        Means(int sizes) {
            nanos = new double[sizes];
            runs = new int[sizes];
        }

        void add(int index, long run) {
            nanos[index] = runs[index] == 0 ? run : nanos[index] + NEWEST_RUN * (run - nanos[index]);
            runs[index]++;
        }
    }

    /** Adds a run of a whole, padded batch. */
    void add(int paddedSize, boolean besideAnother, long nanos) {
        (besideAnother ? beside : alone).add(index(paddedSize), nanos);
    }

    /** Returns whether enough runs of a batch have been measured. */
    boolean isKnown(int inputs, boolean besideAnother) {
        return (besideAnother ? beside : alone).runs[index(inputs)] >= ENOUGH_RUNS;
    }

    /**
     * Returns the time of a run that is alone, or beside another one, where only such runs have been measured. A size
     * that has not run yet counts as the next smaller that has, so that it is tried; 0 if none has run.
     */
    double of(int inputs, boolean besideAnother) {
        for (int i = index(inputs); i >= 0; i--) {
            double nanos = measured(i, besideAnother);
            if (nanos > 0) {
                return nanos;
            }
        }
        return 0;
    }

    /** Returns the device time that one run instead of two saves; 0 if it saves none. */
    double saved(int first, int second) {
        // No more than the shorter run, also where the means disagree because they are of different moments.
        double shorter = Math.min(of(first, false), of(second, false));
        double saved = of(first, false) + of(second, false) - of(first + second, false);
        return Math.max(0, Math.min(shorter, saved));
    }

    /** Returns the size of the batches that a device runs fastest if it gets at most {@code inputs} at a time. */
    int fastest(int inputs, boolean besideAnother) {
        int index = index(inputs);
        if (index == 0 || sizes[index] == inputs) {
            return inputs;
        }
        int smaller = sizes[index - 1];
        return smaller * of(inputs, besideAnother) > inputs * of(smaller, besideAnother) ? smaller : inputs;
    }

    private double measured(int index, boolean besideAnother) {
        Means wanted = besideAnother ? beside : alone;
        Means other = besideAnother ? alone : beside;
        return wanted.runs[index] > 0 ? wanted.nanos[index] : other.nanos[index];
    }

    /** Returns the index of the smallest size that holds them, the largest size if none does. */
    private int index(int inputs) {
        int found = Arrays.binarySearch(sizes, inputs);
        return Math.min(found < 0 ? -found - 1 : found, sizes.length - 1);
    }
}
