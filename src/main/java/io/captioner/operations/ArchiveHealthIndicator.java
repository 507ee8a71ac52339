package io.captioner.operations;

import io.captioner.archive.ArchiveStatus;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Whether answers are archived: {@code UP}, or {@code UNKNOWN} with the reason while they are not, since captions are
 * answered all the same; it is no part of readiness.
 */
@Component
@Profile("!training")
@ConditionalOnProperty("captioner.archive.enabled")
final class ArchiveHealthIndicator implements HealthIndicator {
    private final ArchiveStatus.Source archive;

    ArchiveHealthIndicator(ArchiveStatus.Source archive) {
        this.archive = archive;
    }

    @Override
    public Health health() {
        ArchiveStatus status = archive.get();
        Health.Builder health = new Health.Builder(status.fault().isEmpty() ? Status.UP : Status.UNKNOWN)
                .withDetail("writable", status.writable());
        if (!status.fault().isEmpty()) {
            health.withDetail("reason", status.fault());
        }
        if (status.entries() >= 0) {
            health.withDetail("entries", status.entries()).withDetail("bytes", status.bytes());
        }
        return health.build();
    }
}
