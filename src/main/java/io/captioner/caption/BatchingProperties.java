package io.captioner.caption;

import io.captioner.batching.BatchSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How images are batched for the device: {@code captioner.batching.*}.
 *
 * @param maxBatchSize most images in one run of the device; larger is more throughput, and a longer wait behind a run
 * @param sizes sizes the device is run with, ascending, the last one {@code max-batch-size}; by default the powers of
 *     two up to it. More of them waste less on padding; a GPU is warmed up at each, which makes the start longer
 * @param queueCapacity most admitted images at a time, from their permit to their captions; more bridges longer bursts
 *     with longer waits, less refuses sooner
 * @param maxDelay how long an idle device waits for a fuller batch. With zero it waits only while admitted images are
 *     being decoded, or clients that were just answered are likely to send again, and only as long as that saves more
 *     than it costs at the measured rates; a lone client never waits
 * @param maxAttempts how often an image that is alone in its batch is run on a device that fails on it
 * @param concurrentBatches most batches at a time on all devices; two on each device keep it busy under load, and each
 *     takes memory of its own. Those beyond one for each device start when full, or with an equal share of the images
 *     in flight where two such batches have been measured to be faster than one of all
 * @param devices number of devices that run batches: the number of GPUs that hold the models
 */
@ConfigurationProperties("captioner.batching")
record BatchingProperties(
        @DefaultValue("16") int maxBatchSize,
        @Nullable List<Integer> sizes,
        @DefaultValue("128") int queueCapacity,
        @DefaultValue("0ms") Duration maxDelay,
        @DefaultValue("2") int maxAttempts,
        @DefaultValue("2") int concurrentBatches,
        @DefaultValue("1") int devices) {

    /**
     * Returns these as the batcher's settings.
     *
     * @throws IllegalArgumentException if they contradict each other
     */
    BatchSettings settings() {
        return new BatchSettings(
                maxBatchSize,
                sizes == null ? BatchSettings.powersOfTwoUpTo(maxBatchSize) : sizes,
                queueCapacity,
                maxDelay,
                maxAttempts,
                concurrentBatches,
                devices);
    }

    BatchingProperties withConcurrentBatches(int number) {
        return new BatchingProperties(maxBatchSize, sizes, queueCapacity, maxDelay, maxAttempts, number, devices);
    }
}
