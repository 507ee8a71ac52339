package io.captioner.operations;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/** How this service makes its meters: with a unit, a description, fixed buckets, and tags from enums only. */
final class Meters {
    private static final Duration[] WAITS = LongStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);
    private static final double[] TENTHS = {10, 20, 30, 40, 50, 60, 70, 80, 90};

    private Meters() {}

    /** Returns a timer with buckets from a millisecond to ten seconds. */
    static Timer timer(MeterRegistry registry, String name, String description, String... tags) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(WAITS)
                .register(registry);
    }

    /**
     * Returns a summary of what lies between 0 and 1, with a bucket for each tenth; it shows percents, for Micrometer
     * rounds up to whole numbers before it selects the bucket.
     */
    static DistributionSummary ratio(MeterRegistry registry, String name, String description) {
        return DistributionSummary.builder(name)
                .description(description)
                .baseUnit("percent")
                .scale(100)
                .serviceLevelObjectives(TENTHS)
                .register(registry);
    }

    static Counter counter(MeterRegistry registry, String name, String unit, String description, String... tags) {
        return Counter.builder(name)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }

    /** Returns the counter of images that were not admitted for a reason, the same meter for all callers. */
    static Counter refused(MeterRegistry registry, String reason) {
        return counter(
                registry,
                "captioner.refused",
                "images",
                "Images refused before anything was done for them",
                "reason",
                reason);
    }

    /** Returns a counter of images for each value of an enum, which is the value of the tag. */
    static <E extends Enum<E>> Map<E, Counter> images(
            MeterRegistry registry, String name, String description, String tag, Class<E> values) {
        Map<E, Counter> counters = new EnumMap<>(values);
        for (E value : values.getEnumConstants()) {
            counters.put(value, counter(registry, name, "images", description, tag, tagValue(value)));
        }
        return counters;
    }

    /** Returns the name of an enum's value as it stands in tags: in lower case, with dashes. */
    static String tagValue(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
