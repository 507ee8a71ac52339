package io.captioner.operations;

import io.captioner.batching.BatchListener;
import io.captioner.batching.BatchSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The meters of the batcher. */
@Component
@Profile("!training")
final class BatchMeters implements BatchListener {
    private static final Duration[] WAITS = millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000);

    private final Timer queue;
    private final Timer inference;
    private final DistributionSummary batchSize;
    private final Counter padding;
    private final Counter refused;
    private final Counter retried;
    private final Counter failed;
    private final Map<Drop, Counter> dropped = new EnumMap<>(Drop.class);

    BatchMeters(MeterRegistry registry, BatchSettings settings) {
        queue = Timer.builder("captioner.queue")
                .description("How long an image waits for the device")
                .serviceLevelObjectives(WAITS)
                .register(registry);
        inference = Timer.builder("captioner.inference")
                .description("How long the device runs a batch")
                .serviceLevelObjectives(WAITS)
                .register(registry);
        batchSize = DistributionSummary.builder("captioner.batch.size")
                .description("Images in a run of the device, padding not counted")
                .baseUnit("images")
                .serviceLevelObjectives(settings.allowedSizes().stream()
                        .mapToDouble(Integer::doubleValue)
                        .toArray())
                .register(registry);
        padding = counter(registry, "captioner.batch.padding", "Places in runs of the device that held no image");
        refused = counter(registry, "captioner.refused", "Images refused because there were too many");
        retried = counter(registry, "captioner.retried", "Images in runs that failed and were tried again");
        failed = counter(registry, "captioner.failed", "Images that the device failed on for good");
        for (Drop why : Drop.values()) {
            dropped.put(
                    why,
                    Counter.builder("captioner.dropped")
                            .description("Images dropped before the device saw them")
                            .baseUnit("images")
                            .tag("reason", why.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
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
    }

    @Override
    public void dropped(Drop why) {
        Counter counter = dropped.get(why);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void retried(int inputs, Throwable cause) {
        retried.increment(inputs);
    }

    @Override
    public void failed(int inputs, Throwable cause) {
        failed.increment(inputs);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).baseUnit("images").register(registry);
    }

    private static Duration[] millis(long... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofMillis(values[i]);
        }
        return durations;
    }
}
