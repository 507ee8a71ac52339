package io.captioner.operations;

import io.captioner.batching.BatchSettings;
import io.captioner.model.CaptionModel;
import io.captioner.registry.ModelRegistry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Loads the models, and runs each on a GPU at every batch size before it is served, for the first run at a size takes
 * many times as long as the next. On the CPU it hardly takes longer, and the golden answers are a first run. Readiness
 * waits for application runners.
 */
@Component
@Order(0) // before the requests that the service sends itself
@Profile("!training")
final class WarmUp implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

    private final ModelRegistry models;
    private final BatchSettings batches;

    WarmUp(ModelRegistry models, BatchSettings batches) {
        this.models = models;
        this.batches = batches;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        models.refresh(this::warmUp);
    }

    /**
     * Runs a model at the batch sizes that need it, none on the CPU.
     *
     * @throws IllegalStateException if it fails at one; the message says what to do
     */
    void warmUp(CaptionModel model) {
        if (model.copies() > batches.devices()) {
            log.warn(
                    "{}/{} is on {} devices, but batches start on {} only: set captioner.batching.devices to {} and captioner.batching.concurrent-batches to {}",
                    model.manifest().name(),
                    model.manifest().version(),
                    model.copies(),
                    batches.devices(),
                    model.copies(),
                    2 * model.copies());
        }
        List<Integer> sizes = model.device().equals("cpu") ? List.of() : batches.allowedSizes();
        for (int size : sizes) {
            try {
                model.warmUp(size);
            } catch (RuntimeException failure) {
                throw new IllegalStateException(
                        "%s/%s does not run with %d images at once: lower captioner.batching.max-batch-size, or remove the bundle"
                                .formatted(
                                        model.manifest().name(),
                                        model.manifest().version(),
                                        size),
                        failure);
            }
        }
    }
}
