package io.captioner.model.gpu;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How GPUs are used: {@code captioner.gpu.*}. TensorFlow manages a GPU's memory once for the whole process, so what the
 * first model asks for holds until the end.
 *
 * @param memoryGrowth whether memory is taken as it is needed, and never given back; if not, all that
 *     {@code memoryFraction} allows is taken at start, which leaves nothing to others and fragments less
 * @param memoryFraction most of each GPU's memory that is taken, above 0 to 1; unset leaves it to TensorFlow, which
 *     takes all but a few hundred MB. Two versions of a model are in memory while one is swapped for the other
 * @param maxDevices most GPUs that get a copy of each model, 1 to 64; give {@code captioner.batching.devices} as many,
 *     and {@code captioner.batching.concurrent-batches} twice as many, so that each has a batch and another one ready
 */
public record GpuProperties(
        @DefaultValue("true") boolean memoryGrowth,
        @Nullable Double memoryFraction,
        @DefaultValue("8") int maxDevices) {
    static final int MOST_DEVICES = 64;

    public static final GpuProperties DEFAULTS = new GpuProperties(true, null, 8);

    /** @throws IllegalArgumentException if a component is out of its range; the message says what to change */
    public GpuProperties {
        if (memoryFraction != null && !(memoryFraction > 0 && memoryFraction <= 1)) {
            throw new IllegalArgumentException(
                    "captioner.gpu.memory-fraction must be above 0 and at most 1, not " + memoryFraction);
        }
        if (maxDevices < 1 || maxDevices > MOST_DEVICES) {
            throw new IllegalArgumentException(
                    "captioner.gpu.max-devices must be 1 to %d, not %d".formatted(MOST_DEVICES, maxDevices));
        }
    }
}
