package io.captioner.operations;

import io.captioner.registry.ModelLease;
import io.captioner.registry.ModelRegistry;
import io.captioner.registry.ModelStatus;
import io.captioner.registry.NoModelException;
import io.captioner.registry.UnknownModelException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Whether the default model can answer a request; the details are the status of every version. */
@Component
@Profile("!training")
final class ModelHealthIndicator implements HealthIndicator {
    private final ModelRegistry models;

    ModelHealthIndicator(ModelRegistry models) {
        this.models = models;
    }

    @Override
    public Health health() {
        Health.Builder health = new Health.Builder();
        try (ModelLease lease = models.lease(null)) {
            health.up().withDetail("device", lease.model().device());
        } catch (NoModelException | UnknownModelException notReady) {
            health.outOfService().withDetail("reason", String.valueOf(notReady.getMessage()));
        }
        for (ModelStatus status : models.statuses()) {
            String state = status.reason().isEmpty() ? status.state().name() : status.state() + ": " + status.reason();
            health.withDetail(status.name() + "/" + status.version(), state);
        }
        return health.build();
    }
}
