package io.captioner.operations;

import io.captioner.registry.ModelRegistry;
import io.captioner.registry.ModelStatus;
import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The status of every version, and the operation that scans for new ones now. */
@Component
@Endpoint(id = "models")
@Profile("!training")
final class ModelsEndpoint {
    private final ModelRegistry models;
    private final WarmUp warmUp;

    ModelsEndpoint(ModelRegistry models, WarmUp warmUp) {
        this.models = models;
        this.warmUp = warmUp;
    }

    /** The status of every version. */
    record Models(List<ModelStatus> models) {}

    @ReadOperation
    Models models() {
        return new Models(models.statuses());
    }

    /** Returns once every new version is warmed and swapped in, or refused. */
    @WriteOperation
    Models refresh() {
        models.refresh(warmUp::warmUp);
        return models();
    }
}
