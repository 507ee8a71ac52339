package io.captioner.security;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.captioner.Client;
import io.captioner.FakeCaptionModel;
import io.captioner.FakeCaptionModel.Hold;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import io.captioner.RawConnection;
import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.Permit;
import java.awt.Color;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole service with keys, as its users meet it: all settings but the keys and a short upload are the defaults. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "captioner.security.mode=api-key",
            "captioner.security.reload=20ms",
            "captioner.request.upload-timeout=1s"
        })
@Import(FakeModels.class)
@ExtendWith(OutputCaptureExtension.class)
class SecuredServiceTests {
    private static final byte[] RED = Pictures.png(Color.RED, 40, 20);
    private static final String KEY = "key-of-the-shop-0123456789abcdef0123456789";
    private static final String SLOW = "key-of-the-mill-0123456789abcdef0123456789";
    private static final String NARROW = "key-of-the-farm-0123456789abcdef0123456789";
    private static final String LATER = "key-of-the-guest-123456789abcdef0123456789";
    private static final String KEYS =
            """
            shop %s requests-per-second=100000 burst=100000
            mill %s requests-per-second=0.01 burst=2
            farm %s concurrent=1
            """.formatted(KeyFileTests.hash(KEY), KeyFileTests.hash(SLOW), KeyFileTests.hash(NARROW));

    private static Path file = Path.of("");

    private final int port;
    private final Client client;
    private final Client management;
    private final FakeCaptionModel model;
    private final Admission admission;

    SecuredServiceTests(
            @Autowired Environment environment, @Autowired FakeCaptionModel model, @Autowired Admission admission) {
        this.port = Integer.parseInt(requireNonNull(environment.getProperty("local.server.port")));
        this.client = new Client(port);
        this.management =
                new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.management.port"))));
        this.model = model;
        this.admission = admission;
    }

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry properties) throws IOException {
        file = Files.createTempFile("captioner-keys", "");
        file.toFile().deleteOnExit();
        Files.writeString(file, KEYS);
        properties.add("captioner.security.keys", file::toString);
    }

    @Test
    void withAKeyInEitherHeaderPhotosAreCaptioned() throws Exception {
        assertThat(post("X-API-Key", KEY).statusCode()).isEqualTo(200);
        assertThat(post("Authorization", "Bearer " + KEY).statusCode()).isEqualTo(200);
        assertThat(client.send(client.request("/models")
                                .header("X-API-Key", KEY)
                                .GET())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void withoutAKeyTheAnswerSaysOnlyThatOneIsNeeded() throws Exception {
        HttpResponse<String> response = client.postBody("", "image/png", RED);

        JsonNode problem = problem(response, 401, "unauthorized");
        assertThat(problem.path("instance").asString()).isEqualTo("/captions");
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"captioner\"");
        HttpResponse<String> wrong = post("X-API-Key", KEY + "x");
        problem(wrong, 401, "unauthorized");
        assertThat(wrong.headers().firstValue("WWW-Authenticate").orElse("")).endsWith("error=\"invalid_token\"");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /models",
        "GET, /models/..",
        "GET, /nowhere",
        "DELETE, /captions",
        "GET, /error",
        "OPTIONS, /captions",
        "GET, /actuator/health",
        "GET, /models/%2e%2e",
        "GET, /swagger-ui/%2e%2e/models",
        "GET, //models",
        "GET, /models;x"
    })
    void everyOtherPathNeedsAKey(String method, String path) throws Exception {
        try (RawConnection connection = new RawConnection(port)) {
            connection.send("%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .formatted(method, path)
                    .getBytes(StandardCharsets.US_ASCII));

            assertThat(connection.answer()).startsWith("HTTP/1.1 401").contains("unauthorized");
        }
    }

    @Test
    void probesAndTheDescriptionNeedNone() throws Exception {
        assertThat(client.get("/livez").statusCode()).isEqualTo(200);
        assertThat(client.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(client.get("/swagger-ui/index.html").statusCode()).isEqualTo(200);
        JsonNode description = json(client.get("/v3/api-docs"));
        assertThat(description.at("/components/securitySchemes/Key/scheme").asString())
                .isEqualTo("bearer");
        assertThat(description.at("/security/0").has("Key")).isTrue();
    }

    @Test
    void theRefusalComesBeforeTheBodyAndTheBodyIsNotWaitedFor() throws Exception {
        try (RawConnection connection = new RawConnection(port)) {
            connection.head("image/png", 10_000_000);

            assertThat(connection.answer()).startsWith("HTTP/1.1 401");
            await().until(() -> {
                try {
                    connection.send((byte) 'x');
                    return false;
                } catch (IOException closed) {
                    return true;
                }
            });
        }
    }

    @Test
    void aFullServiceRefusesARequestWithoutAKeyForItsMissingKey() throws Exception {
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never())) {
            problem(client.postBody("", "image/png", RED), 401, "unauthorized");
            problem(post("X-API-Key", KEY), 429, "overloaded");
        }
        assertThat(post("X-API-Key", KEY).statusCode()).isEqualTo(200);
    }

    @Test
    void aClientThatIsTooFastGetsARetryAfterAndOthersAreNotAffected() throws Exception {
        assertThat(post("X-API-Key", SLOW).statusCode()).isEqualTo(200);
        assertThat(post("X-API-Key", SLOW).statusCode()).isEqualTo(200);

        HttpResponse<String> third = post("X-API-Key", SLOW);

        assertThat(problem(third, 429, "rate-limited").path("detail").asString())
                .contains("0.01 requests a second");
        assertThat(Integer.parseInt(third.headers().firstValue("Retry-After").orElse("")))
                .isBetween(90, 100);
        assertThat(post("X-API-Key", KEY).statusCode()).isEqualTo(200);
    }

    @Test
    void aClientWithTooManyRequestsInFlightIsRefused() throws Exception {
        try (RawConnection connection = new RawConnection(port)) {
            try (Hold hold = model.hold()) {
                byte[] unknown = Pictures.png(Color.CYAN, 41, 21); // what is known already needs no permit
                connection.head("image/png", unknown.length, "X-API-Key: " + NARROW);
                connection.send(unknown);
                await().until(() -> admission.inUse() == 1);

                assertThat(problem(post("X-API-Key", NARROW), 429, "rate-limited")
                                .path("detail")
                                .asString())
                        .contains("1 requests in flight");
            }
            assertThat(connection.answer()).startsWith("HTTP/1.1 200");
        }
        await().until(() -> post("X-API-Key", NARROW).statusCode() == 200);
    }

    @Test
    void keysAreAddedAndRevokedWithoutARestart() throws Exception {
        problem(post("X-API-Key", LATER), 401, "unauthorized");

        Files.writeString(file, KEYS + "guest " + KeyFileTests.hash(LATER));
        await().until(() -> post("X-API-Key", LATER).statusCode() == 200);
        Files.writeString(file, KEYS);
        await().until(() -> post("X-API-Key", LATER).statusCode() == 401);
        assertThat(post("X-API-Key", KEY).statusCode()).isEqualTo(200);
    }

    @Test
    void theLogNamesTheClientAndNeverTheKey(CapturedOutput log) throws Exception {
        post("X-API-Key", KEY);
        post("Authorization", "Bearer " + KEY + "x");

        await().until(() -> log.getOut().contains("status=200") && log.getOut().contains("status=401"));
        assertThat(log.getOut()).contains("caller=shop", "problem=unauthorized").doesNotContain(KEY);
        assertThat(log.getOut()).doesNotContain("EVERY CLIENT THAT REACHES THIS PORT");
    }

    @Test
    void theManagementPortHasHealthAndMetersAndNothingElse() throws Exception {
        assertThat(management.get("/actuator/health").statusCode()).isEqualTo(200);
        assertThat(management.get("/actuator/prometheus").statusCode()).isEqualTo(200);
        for (String hidden : new String[] {"models", "info", "metrics", "sbom", "env", "heapdump", "loggers"}) {
            assertThat(management.get("/actuator/" + hidden).statusCode())
                    .as(hidden)
                    .isEqualTo(404);
        }
        assertThat(management
                        .send(management.request("/actuator/models").POST(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(404);
    }

    private HttpResponse<String> post(String header, String value) throws IOException, InterruptedException {
        HttpRequest.Builder request = client.request("/captions")
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "image/png")
                .header(header, value)
                .POST(BodyPublishers.ofByteArray(RED));
        return client.send(request);
    }

    private static JsonNode problem(HttpResponse<String> response, int status, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(response).path("type").asString()).isEqualTo("urn:captioner:problem:" + type);
        return json(response);
    }
}
