package io.captioner.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a {@link DynamicBatcher} forms its batches.
 *
 * @param maxBatchSize most inputs in one run of the device; larger is more throughput, and a longer wait behind a run
 * @param allowedSizes the sizes the device is ever run with, strictly ascending, the last one {@code maxBatchSize}; a
 *     batch is padded to the next of them. More sizes waste less on padding and, on a GPU, take longer to warm up
 * @param queueCapacity most inputs waiting, not counting those on the device; longer bridges longer bursts, and lets
 *     inputs wait longer before they are refused
 * @param maxDelay how long an idle device waits for a fuller batch, counted from when the oldest input was enqueued.
 *     With zero, the best for latency, it waits only for inputs that are expected soon, as long as that pays at the
 *     measured rates; batches grow by themselves while the device is busy. More only helps a device whose small batches
 *     cost nearly as much as large ones, and every lone request pays for it
 * @param maxAttempts how often an input that is alone in its batch is given to a device that fails on it; 1 spends no
 *     device time on a bad input twice, 2 rides out a passing failure
 * @param concurrentBatches most batches at a time on all devices; each takes memory of its own. Two on a device keep it
 *     busy where one run leaves some of it idle
 * @param devices number of devices, 1 to {@code concurrentBatches}. At most one batch for each device starts before it
 *     is full; further concurrent batches start when full, or with an equal share of the inputs in flight where that
 *     has been measured to be faster
 */
public record BatchSettings(
        int maxBatchSize,
        List<Integer> allowedSizes,
        int queueCapacity,
        Duration maxDelay,
        int maxAttempts,
        int concurrentBatches,
        int devices) {

    private static final int MAX_CONCURRENT_BATCHES = 64;
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
                concurrentBatches >= 1 && concurrentBatches <= MAX_CONCURRENT_BATCHES,
                "the number of concurrent batches must be 1 to %d, not %d"
                        .formatted(MAX_CONCURRENT_BATCHES, concurrentBatches));
        require(
                devices >= 1 && devices <= concurrentBatches,
                "the number of devices must be 1 to %d, the number of concurrent batches, not %d"
                        .formatted(concurrentBatches, devices));
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
