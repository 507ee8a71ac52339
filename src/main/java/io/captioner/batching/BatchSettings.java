package io.captioner.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a {@link DynamicBatcher} forms its batches.
 *
 * @param maxBatchSize most inputs in one run of the device; larger is more throughput, and a longer wait behind a run
 * @param allowedSizes the sizes the device is ever run with, strictly ascending, the last one {@code maxBatchSize}; a
 *     batch is padded to the next of them. More sizes waste less on padding and take longer to warm up
 * @param queueCapacity most inputs waiting, not counting those on the device; longer bridges longer bursts, and lets
 *     inputs wait longer before they are refused
 * @param maxDelay how long an idle device waits for a fuller batch, counted from when the oldest input was enqueued.
 *     Zero, the best for latency, runs whatever is there; batches then grow by themselves while the device is busy.
 *     More only helps a device whose small batches cost nearly as much as large ones, and every lone request pays for
 *     it
 * @param maxAttempts how often an input that is alone in its batch is given to a device that fails on it; 1 spends no
 *     device time on a bad input twice, 2 rides out a passing failure
 * @param runsAtOnce most batches at a time on all devices; each takes memory of its own. Two on a device keep it busy
 *     where one run has parts that leave some of it idle
 * @param devices so many batches at a time begin with whatever waits, one for each device. Those beyond are full ones,
 *     so that small loads batch as well as with one run on each device at a time
 */
public record BatchSettings(
        int maxBatchSize,
        List<Integer> allowedSizes,
        int queueCapacity,
        Duration maxDelay,
        int maxAttempts,
        int runsAtOnce,
        int devices) {

    private static final int MOST_RUNS = 64;
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

    /** @throws IllegalArgumentException if the components contradict each other; the message says what to change */
    public BatchSettings {
        allowedSizes = List.copyOf(allowedSizes);
        require(maxBatchSize >= 1, "the maximum batch size must be at least 1, not " + maxBatchSize);
        require(
                isStrictlyAscendingFromOne(allowedSizes),
                "list the allowed batch sizes in strictly ascending order from 1 up, not " + allowedSizes);
        require(
                !allowedSizes.isEmpty() && allowedSizes.get(allowedSizes.size() - 1) == maxBatchSize,
                "end the allowed batch sizes %s with the maximum batch size %d".formatted(allowedSizes, maxBatchSize));
        require(
                queueCapacity >= maxBatchSize,
                "a queue of %d can never fill a batch of %d: make the queue longer or the batches smaller"
                        .formatted(queueCapacity, maxBatchSize));
        require(
                !maxDelay.isNegative() && maxDelay.compareTo(LONGEST_DELAY) <= 0,
                "the maximum delay must lie between 0 and 1 minute, not " + maxDelay);
        require(maxAttempts >= 1, "an input needs at least 1 attempt, not " + maxAttempts);
        require(
                runsAtOnce >= 1 && runsAtOnce <= MOST_RUNS,
                "between 1 and %d batches can run at once, not %d".formatted(MOST_RUNS, runsAtOnce));
        require(
                devices >= 1 && devices <= runsAtOnce,
                "there can be 1 to %d devices, a run at once for each, not %d".formatted(runsAtOnce, devices));
    }

    /** Settings of one run at a time on one device. */
    public BatchSettings(
            int maxBatchSize, List<Integer> allowedSizes, int queueCapacity, Duration maxDelay, int maxAttempts) {
        this(maxBatchSize, allowedSizes, queueCapacity, maxDelay, maxAttempts, 1, 1);
    }

    /** Returns the powers of two below a size, and that size: sizes that waste at most half of a run on padding. */
    public static List<Integer> powersOfTwoUpTo(int maxBatchSize) {
        List<Integer> sizes = new ArrayList<>();
        for (int size = 1; size < maxBatchSize; size *= 2) {
            sizes.add(size);
        }
        sizes.add(maxBatchSize);
        return sizes;
    }

    private static boolean isStrictlyAscendingFromOne(List<Integer> sizes) {
        int previous = 0;
        for (int size : sizes) {
            if (size <= previous) {
                return false;
            }
            previous = size;
        }
        return true;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
