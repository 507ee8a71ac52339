package io.captioner.operations;

import io.captioner.batching.BatchSettings;
import io.captioner.registry.ModelRegistry;
import io.captioner.registry.ModelStatus;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The one line of the log that says what is served, on what, after how long, and where. */
@Component
@Profile("!training")
final class StartUpReport {
    private static final Logger log = LoggerFactory.getLogger(StartUpReport.class);

    private final ModelRegistry models;
    private final BatchSettings batches;
    private final Environment environment;

    StartUpReport(ModelRegistry models, BatchSettings batches, Environment environment) {
        this.models = models;
        this.batches = batches;
        this.environment = environment;
    }

    @EventListener
    void started(ApplicationReadyEvent event) {
        String line = line(event.getTimeTaken());
        if (ready().isEmpty()) {
            log.warn(line);
        } else {
            log.info(line);
        }
    }

    String line(@Nullable Duration timeTaken) {
        String where = "http://localhost:%s%s/"
                .formatted(
                        environment.getProperty("local.server.port", "8080"),
                        environment.getProperty("server.servlet.context-path", ""));
        List<ModelStatus> ready = ready();
        if (ready.isEmpty()) {
            return "No model is ready, so POST /captions answers 503: see above what is missing; " + where;
        }
        String names = ready.stream()
                .map(status -> "%s/%s on %s".formatted(status.name(), status.version(), status.device()))
                .collect(Collectors.joining(", "));
        return "Ready after %s: %s, in batches of %s; %s"
                .formatted(seconds(timeTaken), names, batches.allowedSizes(), where);
    }

    private List<ModelStatus> ready() {
        return models.statuses().stream()
                .filter(status -> status.state() == ModelStatus.State.READY)
                .toList();
    }

    private static String seconds(@Nullable Duration timeTaken) {
        return timeTaken == null ? "an unknown time" : String.format(Locale.ROOT, "%.1f s", timeTaken.toMillis() / 1e3);
    }
}
