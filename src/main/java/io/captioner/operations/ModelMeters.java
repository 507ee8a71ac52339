package io.captioner.operations;

import io.captioner.registry.ModelListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The meters of swaps, refusals and devices, by the names of the models on disk. */
@Component
@Profile("!training")
final class ModelMeters implements ModelListener {
    private final MeterRegistry registry;
    private final Map<String, AtomicInteger> onGpu = new ConcurrentHashMap<>();

    ModelMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void swapped(String name, @Nullable String from, String to, String device) {
        onGpu(name).set(device.startsWith("gpu") ? 1 : 0);
        Counter swaps = counter("captioner.models.swaps", "Versions that replaced another", name);
        if (from != null) {
            swaps.increment();
        }
    }

    @Override
    public void refused(String name, String version, String reason) {
        onGpu(name); // what was never loaded is on no GPU
        counter("captioner.models.refused", "Versions refused because they are broken or do not run", name)
                .increment();
    }

    private AtomicInteger onGpu(String model) {
        return onGpu.computeIfAbsent(model, name -> {
            AtomicInteger state = new AtomicInteger();
            Gauge.builder("captioner.device.gpu", state, AtomicInteger::get)
                    .description("1 if the served version is verified to run on a GPU, else 0")
                    .tag("model", name)
                    .register(registry);
            return state;
        });
    }

    private Counter counter(String meter, String description, String model) {
        return Counter.builder(meter)
                .description(description)
                .baseUnit("versions")
                .tag("model", model)
                .register(registry);
    }
}
