package io.captioner.batching;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;

/**
 * The sizes that the device is run with, and the largest of them that its memory is known to hold. Safe for use by
 * several threads.
 */
final class BatchSizeLimit {
    /** Runs at the ceiling without a failure, after which the next larger size is tried again. */
    static final int PROBATION_RUNS = 64;

    private final List<Integer> sizes;

    @GuardedBy("this") private int index;

    @GuardedBy("this") private int cleanRuns;

    BatchSizeLimit(BatchSettings settings) {
        this.sizes = settings.allowedSizes();
        this.index = sizes.size() - 1;
    }

    synchronized int current() {
        return sizes.get(index);
    }

    /** Returns the smallest allowed size that holds {@code inputs}, at most {@link #current()} of them. */
    int padded(int inputs) {
        for (int size : sizes) {
            if (size >= inputs) {
                return size;
            }
        }
        throw new IllegalArgumentException("bug: %d inputs, allowed sizes %s".formatted(inputs, sizes));
    }

    /** Lowers the ceiling below a size that the memory did not hold, as far as there is a smaller one. */
    synchronized void lowerBelow(int failedSize) {
        cleanRuns = 0;
        index = Math.max(0, Math.min(index, sizes.indexOf(failedSize) - 1));
    }

    /** Counts a run that went well; raises a lowered ceiling by one size after enough of them. */
    synchronized void ranWell(int size) {
        if (size == current() && index < sizes.size() - 1) {
            cleanRuns++;
            if (cleanRuns == PROBATION_RUNS) {
                cleanRuns = 0;
                index++;
            }
        }
    }
}
