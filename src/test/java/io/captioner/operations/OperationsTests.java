package io.captioner.operations;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.FakeCaptionModel;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import io.captioner.ServedTest;
import io.captioner.batching.BatchListener;
import io.captioner.batching.BatchSettings;
import io.captioner.registry.ModelRegistry;
import io.captioner.registry.ModelStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.Color;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.health.contributor.Status;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

@ServedTest
class OperationsTests {
    private static final BatchSettings SETTINGS = new BatchSettings(4, List.of(1, 2, 4), 8, Duration.ZERO, 1);

    private final Client client;
    private final Client management;

    OperationsTests(@Autowired Environment environment) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        this.management =
                new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.management.port"))));
    }

    @Test
    void everyMeterIsScrapedAfterARequest() throws Exception {
        client.postBody("", "image/png", Pictures.png(Color.RED, 9, 9));

        assertThat(management.get("/actuator/prometheus").body())
                .contains(
                        "http_server_requests_seconds_bucket",
                        "captioner_queue_seconds_bucket",
                        "captioner_inference_seconds_bucket",
                        "captioner_batch_size_images_bucket",
                        "captioner_refused_images_total",
                        "captioner_dropped_images_total{",
                        "captioner_queue_depth_images",
                        "captioner_permits_used_images",
                        "captioner_request_seconds_bucket",
                        "captioner_found_images_total",
                        "captioner_caption_words_bucket",
                        "captioner_caption_confidence_percent_bucket",
                        "captioner_device_saved_seconds_total");
    }

    @Test
    void livenessReadinessAndTheModelAreUpOnceItIsWarm() throws Exception {
        assertThat(management.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(management.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(json(management.get("/actuator/health/readiness"))
                        .at("/components/model/status")
                        .asString())
                .isEqualTo("UP");
        assertThat(client.get("/livez").statusCode()).isEqualTo(200);
        assertThat(client.get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void onlyWhatIsNamedOfTheActuatorIsExposedAndOnItsOwnPort() throws Exception {
        for (String hidden : List.of("info", "metrics", "sbom", "env", "heapdump", "loggers", "configprops")) {
            assertThat(management.get("/actuator/" + hidden).statusCode())
                    .as(hidden)
                    .isEqualTo(404);
        }
        assertThat(client.get("/actuator/health").statusCode()).isEqualTo(404);
        assertThat(client.get("/actuator/prometheus").statusCode()).isEqualTo(404);
    }

    @Test
    void everyBatchSizeIsRunBeforeTheFirstRequestOnAGpu(@TempDir Path root) throws Exception {
        FakeCaptionModel model = new FakeCaptionModel("colours", true);
        model.moveToGpu();

        new WarmUp(FakeModels.registry(root, Map.of("colours", model)), SETTINGS)
                .run(new DefaultApplicationArguments());

        assertThat(model.batchSizes()).containsExactly(1, 2, 4);
    }

    @Test
    void theModelIsOutOfServiceUntilItIsLoaded(@TempDir Path root) throws Exception {
        FakeCaptionModel model = new FakeCaptionModel("colours", true);
        ModelRegistry models = FakeModels.registry(root, Map.of("colours", model));
        ModelHealthIndicator health = new ModelHealthIndicator(models);
        assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        new WarmUp(models, SETTINGS).run(new DefaultApplicationArguments());

        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        assertThat(health.health().getDetails()).containsEntry("colours/3", "READY");
        assertThat(model.batchSizes()).as("on the CPU").isEmpty();
    }

    @Test
    void aServiceWithoutModelsStartsButIsNotReadyAndSaysSo(@TempDir Path empty) throws Exception {
        ModelRegistry models = FakeModels.registry(empty, Map.of());

        new WarmUp(models, SETTINGS).run(new DefaultApplicationArguments());

        assertThat(new ModelHealthIndicator(models).health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(new StartUpReport(models, SETTINGS, new MockEnvironment()).line(Duration.ofMillis(1234)))
                .startsWith("No model is ready");
    }

    @Test
    void theStartUpLineSaysWhatOnWhatAfterHowLongAndWhere(@TempDir Path root) throws Exception {
        ModelRegistry models = FakeModels.registry(root, Map.of("colours", new FakeCaptionModel("colours", true)));
        models.load();
        MockEnvironment environment = new MockEnvironment().withProperty("local.server.port", "8123");

        assertThat(new StartUpReport(models, SETTINGS, environment).line(Duration.ofMillis(1234)))
                .isEqualTo("Ready after 1.2 s: colours/3 on cpu, in batches of [1, 2, 4];" + " http://localhost:8123/");
    }

    @Test
    void aModelThatDoesNotRunAtABatchSizeIsRefused(@TempDir Path root) throws Exception {
        FakeCaptionModel failing = new FakeCaptionModel("colours", true);
        failing.moveToGpu();
        failing.failFrom(4);
        ModelRegistry models = FakeModels.registry(root, Map.of("colours", failing));

        new WarmUp(models, SETTINGS).run(new DefaultApplicationArguments());

        assertThat(models.statuses()).singleElement().satisfies(status -> {
            assertThat(status.state()).isEqualTo(ModelStatus.State.REFUSED);
            assertThat(status.reason())
                    .contains("colours/3 does not run with 4 images at once: lower captioner.batching.max-batch-size");
        });
        assertThat(new ModelHealthIndicator(models).health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    }

    @Test
    void theListenerCountsWhatItHears() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        BatchMeters meters = new BatchMeters(registry, SETTINGS);

        meters.ran(
                3, 4, List.of(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3)), Duration.ofMillis(9));
        meters.refused(5);
        meters.dropped(BatchListener.Drop.EXPIRED);
        meters.retried(2, new IllegalStateException());
        meters.failed(1, new IllegalStateException());

        assertThat(registry.get("captioner.queue").timer().count()).isEqualTo(3);
        assertThat(registry.get("captioner.inference").timer().count()).isEqualTo(1);
        assertThat(registry.get("captioner.batch.size").summary().totalAmount()).isEqualTo(3);
        assertThat(registry.get("captioner.batch.padding").counter().count()).isEqualTo(1);
        assertThat(registry.get("captioner.refused").counter().count()).isEqualTo(5);
        assertThat(registry.get("captioner.retried").counter().count()).isEqualTo(2);
        assertThat(registry.get("captioner.failed").counter().count()).isEqualTo(1);
        assertThat(registry.get("captioner.dropped")
                        .tag("reason", "expired")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("captioner.dropped")
                        .tag("reason", "cancelled")
                        .counter()
                        .count())
                .isZero();
    }
}
