package io.captioner.operations;

import io.captioner.batching.Admission;
import io.captioner.batching.DynamicBatcher;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The gauges of images in flight and of the queue. */
@Component
@Profile("!training")
final class OccupancyMeters implements MeterBinder {
    private final Admission admission;
    private final DynamicBatcher<?, ?, ?> batcher;

    OccupancyMeters(Admission admission, DynamicBatcher<?, ?, ?> batcher) {
        this.admission = admission;
        this.batcher = batcher;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("captioner.queue.depth", batcher, DynamicBatcher::queued)
                .description("Images that wait for the device")
                .baseUnit("images")
                .register(registry);
        Gauge.builder("captioner.permits.used", admission, Admission::inUse)
                .description("Images in flight, from their permit to their captions")
                .baseUnit("images")
                .register(registry);
        Gauge.builder("captioner.permits.max", admission, Admission::capacity)
                .description("Most images that may be in flight")
                .baseUnit("images")
                .register(registry);
        Gauge.builder("captioner.batch.ceiling", batcher, DynamicBatcher::ceiling)
                .description("Largest batch that is run; lower after the device's memory ran out")
                .baseUnit("images")
                .register(registry);
    }
}
