package io.captioner.operations;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.FakeCaptionModel;
import io.captioner.ServedTest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

@ServedTest
class ModelsEndpointTests {
    private final Client management;
    private final FakeCaptionModel served;

    ModelsEndpointTests(@Autowired Environment environment, @Autowired FakeCaptionModel served) {
        this.management =
                new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.management.port"))));
        this.served = served;
    }

    @Test
    void itTellsHowEveryVersionStands() throws Exception {
        HttpResponse<String> response = management.get("/actuator/models");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).at("/models/1/name").asString()).isEqualTo("colours");
        assertThat(json(response).at("/models/1/state").asString()).isEqualTo("READY");
    }

    @Test
    void aReloadWithNothingNewChangesNothing() throws Exception {
        int runs = served.batchSizes().size();

        HttpResponse<String> response =
                management.send(management.request("/actuator/models").POST(BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response)).isEqualTo(json(management.get("/actuator/models")));
        assertThat(served.batchSizes()).hasSize(runs);
    }

    @Test
    void swapsAndRefusalsAreCountedByModel() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ModelMeters meters = new ModelMeters(registry);

        meters.swapped("a", null, "1", "cpu");
        meters.swapped("a", "1", "2", "cpu");
        meters.swapped("a", "2", "3", "cpu");
        meters.refused("a", "4", "broken");

        assertThat(registry.get("captioner.models.swaps")
                        .tag("model", "a")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("captioner.models.refused")
                        .tag("model", "a")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whetherAGpuRunsAModelIsAGaugeOfEachModel() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ModelMeters meters = new ModelMeters(registry);

        meters.swapped("proved", null, "1", "gpu:0 (Some GPU), gpu:1 (Some GPU)");
        meters.swapped("moved", null, "1", "gpu:0 (Some GPU)");
        meters.swapped("moved", "1", "2", "cpu");
        meters.refused("refused", "1", "there is no NVIDIA driver");
        meters.refused("proved", "2", "broken");

        assertThat(onGpu(registry, "proved")).isEqualTo(1);
        assertThat(onGpu(registry, "moved")).isZero();
        assertThat(onGpu(registry, "refused")).isZero();
    }

    private static double onGpu(SimpleMeterRegistry registry, String model) {
        return registry.get("captioner.device.gpu").tag("model", model).gauge().value();
    }
}
