package io.captioner.compat;

import static io.captioner.Client.json;
import static io.captioner.compat.JsonClient.BLACK;
import static io.captioner.compat.JsonClient.RED;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.Pictures;
import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.Permit;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/** PhotoPrism's own format, Seer, and IBM's Model Asset Exchange. */
@CompatTest
class SmallProtocolsTests {
    private static final String PHOTOPRISM = "/api/v1/vision/caption";
    private static final String DATA = "data:image/png;base64,";

    private final Client client;
    private final JsonClient json;
    private final Admission admission;

    SmallProtocolsTests(@Autowired Environment environment, @Autowired Admission admission) {
        this.client =
                new Client(Integer.parseInt(Objects.requireNonNull(environment.getProperty("local.server.port"))));
        this.json = new JsonClient(environment);
        this.admission = admission;
    }

    @Test
    void photoPrismGetsTheCaptionWithItsConfidenceUnderItsId() throws Exception {
        JsonNode answer = json.ok(
                PHOTOPRISM,
                "{'id': '7f1c', 'model': 'captioner', 'version': 'latest', 'images': ['%s'], 'suffix': '', 'stream': false, 'options': {'temperature': 0.1}}"
                        .formatted(DATA + RED));

        assertThat(answer.path("id").asString()).isEqualTo("7f1c");
        assertThat(answer.path("code").asInt()).isEqualTo(200);
        assertThat(answer.at("/result/caption/text").asString()).isEqualTo("A red picture");
        assertThat(answer.at("/result/caption/source").asString()).isEqualTo("image");
        assertThat(answer.at("/result/caption/confidence").asDouble()).isBetween(0.1, 0.9);
        assertThat(json.ok(PHOTOPRISM, "{'images': ['%s']}".formatted(BLACK))
                        .at("/result/caption/confidence")
                        .asDouble())
                .isZero();
    }

    @Test
    void photoPrismReadsTheCodeAndTheErrorInTheBody() throws Exception {
        HttpResponse<String> broken = json.post(PHOTOPRISM, "{'id': '7f1c', 'images': ['%%%']}");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(json(broken).path("id").asString()).isEqualTo("7f1c");
        assertThat(json(broken).path("code").asInt()).isEqualTo(400);
        assertThat(json(broken).path("error").asString()).contains("base64");
        assertThat(json(json.post(PHOTOPRISM, "{'id': '7f1c'}")).path("code").asInt())
                .isEqualTo(400);
        assertThat(json(json.post(PHOTOPRISM, "{'id': '7f1c', 'url': 'https://example.org/a.jpg'}"))
                        .path("error")
                        .asString())
                .contains("no URL is fetched");
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never())) {
            HttpResponse<String> full = json.post(PHOTOPRISM, "{'id': '7f1c'}");
            assertThat(json(full).path("code").asInt()).isEqualTo(429);
            assertThat(full.headers().firstValue("Retry-After")).isPresent();
        }
    }

    @Test
    void seerGetsADescription() throws Exception {
        assertThat(json.ok("/describe", "{'image_b64': '%s', 'task': 'caption'}".formatted(RED))
                        .path("description")
                        .asString())
                .isEqualTo("A red picture");
        HttpResponse<String> missing = json.post("/describe", "{'task': 'caption'}");
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(json(missing).path("error").asString()).contains("image_b64");
    }

    @Test
    void theModelAssetExchangeGetsThreeCaptions() throws Exception {
        HttpResponse<String> response = predict("image", Pictures.png(Color.RED, 40, 20));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = json(response);
        assertThat(answer.path("status").asString()).isEqualTo("ok");
        assertThat(answer.path("predictions")
                        .valueStream()
                        .map(one -> one.path("caption").asString()))
                .containsExactly("A red picture", "A red picture again", "A red picture again again");
        assertThat(answer.at("/predictions/0/index").asString()).isEqualTo("0");
        assertThat(answer.at("/predictions/0/probability").asDouble()).isBetween(0.001, 0.5);
        assertThat(json(client.get("/model/metadata")).path("id").asString()).isEqualTo("colours");
    }

    @Test
    void theErrorsOfTheModelAssetExchangeHaveItsForm() throws Exception {
        HttpResponse<String> misnamed = predict("photo", new byte[] {1, 2, 3});
        HttpResponse<String> torn = client.send(client.request("/model/predict")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString("--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nabc")));

        for (HttpResponse<String> response : List.of(misnamed, torn)) {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
            assertThat(json(response).path("status").asString()).isEqualTo("error");
            assertThat(json(response).path("message").asString()).isNotBlank();
        }
    }

    @Test
    void bodiesBeyondTheLimitsOfJsonAreFaultsOfTheClient() throws Exception {
        for (String body : List.of(
                "{'images': " + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                "{'images': %s}".formatted("9".repeat(2_000)),
                "{'%s': 1}".formatted("x".repeat(60_000)))) {
            for (String path : List.of(
                    "/api/generate", "/v1/chat/completions", "/v2/models/captioner/infer", "/describe", "/mcp")) {
                HttpResponse<String> response = json.post(path, body);

                assertThat(response.statusCode()).as(path).isEqualTo(400);
                assertThat(response.body()).contains("500 levels");
            }
        }
    }

    private HttpResponse<String> predict(String part, byte[] photo) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"a.png\"\r\n\r\n"
                .formatted(part)
                .getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(photo);
        body.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        return client.send(client.request("/model/predict")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofByteArray(body.toByteArray())));
    }
}
