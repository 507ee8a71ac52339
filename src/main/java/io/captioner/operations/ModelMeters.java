package io.captioner.operations;

import io.captioner.model.ModelListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The meters of swaps and refusals, by the names of the models on disk. */
@Component
@Profile("!training")
final class ModelMeters implements ModelListener {
    private final MeterRegistry registry;

    ModelMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void swapped(String name, @Nullable String from, String to) {
        Counter swaps = counter("captioner.models.swaps", "Versions that took the place of another", name);
        if (from != null) {
            swaps.increment();
        }
    }

    @Override
    public void refused(String name, String version, String reason) {
        counter("captioner.models.refused", "Versions refused because they are broken or do not run", name)
                .increment();
    }

    private Counter counter(String meter, String description, String model) {
        return Counter.builder(meter)
                .description(description)
                .baseUnit("versions")
                .tag("model", model)
                .register(registry);
    }
}
