package io.captioner.model.djl;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.Client;
import io.captioner.model.ColourBundle;
import io.captioner.model.ModelDevice;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole service, told to run on a GPU where there is none. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"captioner.device=gpu", "management.server.port=0"})
class WantedGpuTests {
    @TempDir
    static Path root;

    private final Client client;
    private final Client management;

    WantedGpuTests(@Autowired Environment environment) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        this.management =
                new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.management.port"))));
    }

    @DynamicPropertySource
    static void models(DynamicPropertyRegistry properties) throws IOException {
        new ColourBundle().write(root, "colours", "1");
        properties.add("captioner.models", root::toString);
    }

    @BeforeEach
    void whereThereIsNoGpu() {
        assumeTrue(DjlEngine.choose(DeviceSettings.of(ModelDevice.AUTO)).isEmpty());
    }

    @Test
    void theServiceLivesButIsNeverReady() throws Exception {
        assertThat(client.get("/livez").statusCode()).isEqualTo(200);
        assertThat(client.get("/readyz").statusCode()).isEqualTo(503);
    }

    @Test
    void theModelIsRefusedWithTheReasonAndRunsNowhere() throws Exception {
        JsonNode model = json(client.get("/models")).at("/models/0");

        assertThat(model.path("state").asString()).isEqualTo("REFUSED");
        assertThat(model.path("reason").asString())
                .startsWith("captioner.device is gpu, but TensorFlow sees none: ")
                .contains("To run on the CPU, set captioner.device to auto or cpu");
        assertThat(model.has("device")).isFalse();
        assertThat(management.get("/actuator/prometheus").body())
                .contains("captioner_device_gpu{application=\"captioner\",model=\"colours\"} 0.0");
    }
}
