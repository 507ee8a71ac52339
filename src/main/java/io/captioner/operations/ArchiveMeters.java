package io.captioner.operations;

import static java.util.Objects.requireNonNull;

import io.captioner.archive.ArchiveListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The meters of the archive. */
@Component
@Profile("!training")
@ConditionalOnProperty("captioner.archive.enabled")
final class ArchiveMeters implements ArchiveListener {
    private final Counter written;
    private final Timer commits;
    private final Map<Miss, Counter> missed = new EnumMap<>(Miss.class);

    ArchiveMeters(MeterRegistry registry) {
        written = Meters.counter(
                registry, "captioner.archive.written", "changes", "Answers, corrections and deletions made durable");
        commits = Meters.timer(
                registry,
                "captioner.archive.commit",
                "How long it takes to make the changes that wait durable together");
        for (Miss why : Miss.values()) {
            missed.put(
                    why,
                    Meters.counter(
                            registry,
                            "captioner.archive.missed",
                            "answers",
                            "Answers that were not acknowledged as archived",
                            "reason",
                            Meters.tagValue(why)));
        }
    }

    @Override
    public void written(int changes, Duration took) {
        written.increment(changes);
        commits.record(took);
    }

    @Override
    public void missed(Miss why) {
        requireNonNull(missed.get(why)).increment();
    }
}
