package io.captioner.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.FakeCaptionModel;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import io.captioner.batching.Admission;
import java.awt.Color;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The requests that the service sends itself, on a service that asks for keys. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "server.servlet.context-path=/ai",
            "captioner.security.mode=api-key",
            "captioner.rehearsal.requests=20",
            "captioner.rehearsal.clients=4"
        })
@Import(FakeModels.class)
@ExtendWith(OutputCaptureExtension.class)
class RehearsalTests {
    private static final int FORMATS = 4;

    private final int port;
    private final FakeCaptionModel model;
    private final Admission admission;

    RehearsalTests(
            @Autowired Environment environment, @Autowired FakeCaptionModel model, @Autowired Admission admission) {
        this.port = Integer.parseInt(requireNonNull(environment.getProperty("local.server.port")));
        this.model = model;
        this.admission = admission;
    }

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry registry) throws IOException {
        Path keys = Files.createTempFile("captioner", ".keys");
        keys.toFile().deleteOnExit();
        Files.writeString(keys, "shop %s%n".formatted("0".repeat(64)));
        registry.add("captioner.security.keys", keys::toString);
    }

    @Test
    void photosOfAllFormatsAndClientsHaveBeenCaptionedWhenTheServiceIsReady(CapturedOutput output) {
        int images = model.batchSizes().stream().mapToInt(Integer::intValue).sum();
        assertThat(images).isGreaterThanOrEqualTo(FORMATS + 20);
        assertThat(admission.inUse()).isZero();
        assertThat(output).doesNotContain("POST /ai/captions");
    }

    @Test
    void theHeaderOfARehearsalOpensNothingAfterwards() throws Exception {
        byte[] photo = Pictures.png(Color.RED, 40, 20);
        assertThat(new Client(port)
                        .send(new Client(port)
                                .request("/ai/captions")
                                .header(RehearsalToken.HEADER, "0".repeat(64))
                                .header("Content-Type", "image/png")
                                .POST(BodyPublishers.ofByteArray(photo)))
                        .statusCode())
                .isEqualTo(401);
    }
}
