package io.captioner.operations;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.batching.BatchListener;
import io.captioner.batching.BatchSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The meters of the batcher.
 *
 * <p>{@code captioner.device.saved} is an estimate: for each image that was cancelled or expired before the device saw
 * it, the recent device seconds of one image are added, which is the exponentially weighted mean over the runs (weight
 * {@value #NEWEST_RUN} for the newest) of the run's time over its images, padding not counted.
 */
@Component
@Profile("!training")
final class BatchMeters implements BatchListener {
    private static final double NEWEST_RUN = 0.1;

    private final Timer queue;
    private final Timer inference;
    private final DistributionSummary batchSize;
    private final Counter padding;
    private final Counter refused;
    private final Counter retried;
    private final Counter failed;
    private final Counter saved;
    private final Map<Drop, Counter> dropped;
    private final Ewma secondsPerImage = new Ewma(NEWEST_RUN);

    BatchMeters(MeterRegistry registry, BatchSettings settings) {
        queue = Meters.timer(registry, "captioner.queue", "How long an image waits for the device");
        inference = Meters.timer(registry, "captioner.inference", "How long the device runs a batch");
        batchSize = DistributionSummary.builder("captioner.batch.size")
                .description("Images in a run of the device, padding not counted")
                .baseUnit("images")
                .serviceLevelObjectives(settings.allowedSizes().stream()
                        .mapToDouble(Integer::doubleValue)
                        .toArray())
                .register(registry);
        padding = images(registry, "captioner.batch.padding", "Places in runs of the device without an image");
        refused = Meters.refused(registry, "queue-full");
        retried = images(registry, "captioner.retried", "Images in runs that failed and were retried");
        failed = images(registry, "captioner.failed", "Images that the device failed on in all attempts");
        saved = Meters.counter(
                registry,
                "captioner.device.saved",
                "seconds",
                "Device time that dropped images would have taken, at the recent mean of an image");
        dropped = Meters.images(
                registry, "captioner.dropped", "Images dropped before the device saw them", "reason", Drop.class);
    }

    @Override
    public void refused(int inputs) {
        refused.increment(inputs);
    }

    @Override
    public void ran(int size, int paddedSize, List<Duration> queued, Duration device) {
        queued.forEach(queue::record);
        inference.record(device);
        batchSize.record(size);
        padding.increment(paddedSize - size);
        secondsPerImage.add(device.toNanos() / 1e9 / size);
    }

    @Override
    public void dropped(Drop why) {
        requireNonNull(dropped.get(why)).increment();
        saved.increment(secondsPerImage.get());
    }

    @Override
    public void retried(int inputs, Throwable cause) {
        retried.increment(inputs);
    }

    @Override
    public void failed(int inputs, Throwable cause) {
        failed.increment(inputs);
    }

    private static Counter images(MeterRegistry registry, String name, String description) {
        return Meters.counter(registry, name, "images", description);
    }

    /** The mean of a series in which each value counts less the older it is. Safe for use by several threads. */
    private static final class Ewma {
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
}
