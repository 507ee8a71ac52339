package io.captioner.operations;

import io.captioner.batching.BatchSettings;
import io.captioner.image.Pixels;
import io.captioner.model.CaptionModel;
import io.captioner.model.Manifest;
import io.captioner.model.ModelRegistry;
import io.captioner.model.ModelStatus;
import java.util.Collections;
import java.util.List;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Loads the models and runs each once at every batch size before the service says that it is ready: the first run at a size
 * takes many times as long as the next. Readiness waits for application runners.
 */
@Component
@Profile("!training")
final class WarmUp implements ApplicationRunner {
    private final ModelRegistry models;
    private final BatchSettings batches;

    WarmUp(ModelRegistry models, BatchSettings batches) {
        this.models = models;
        this.batches = batches;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        models.load();
        for (ModelStatus status : models.statuses()) {
            if (status.state() == ModelStatus.State.READY) {
                warm(models.get(status.name()));
            }
        }
    }

    private void warm(CaptionModel model) {
        Manifest manifest = model.manifest();
        int width = manifest.input().width();
        int height = manifest.input().height();
        Pixels black = new Pixels(width, height, new byte[width * height * 3]);
        for (int size : batches.allowedSizes()) {
            List<Pixels> batch = Collections.nCopies(size, black);
            try {
                model.caption(batch, manifest.defaults());
            } catch (RuntimeException failure) {
                throw new IllegalStateException(
                        "%s/%s does not run with %d images at once: lower captioner.batching.max-batch-size, or take the bundle away"
                                .formatted(manifest.name(), manifest.version(), size),
                        failure);
            }
        }
    }
}
