package io.captioner.compat.oip;

import static io.captioner.Client.json;
import static io.captioner.compat.JsonClient.BLUE;
import static io.captioner.compat.JsonClient.RED;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Pictures;
import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.Permit;
import io.captioner.compat.CompatTest;
import io.captioner.compat.JsonClient;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@CompatTest
class OipTests {
    private static final String INFER = "/v2/models/captioner/infer";
    private static final String LENGTH = "Inference-Header-Content-Length";

    private final JsonClient client;
    private final String root;
    private final Admission admission;

    OipTests(@Autowired Environment environment, @Autowired Admission admission) {
        this.client = new JsonClient(environment);
        this.root = "http://localhost:" + Objects.requireNonNull(environment.getProperty("local.server.port"));
        this.admission = admission;
    }

    @Test
    void theServerAndItsModelsAreDescribed() throws Exception {
        assertThat(json(client.get("/v2")).path("extensions").valueStream().map(JsonNode::asString))
                .contains("binary_tensor_data");
        assertThat(client.get("/v2/health/live").statusCode()).isEqualTo(200);
        assertThat(client.get("/v2/health/ready").statusCode()).isEqualTo(200);
        JsonNode model = json(client.get("/v2/models/captioner"));
        assertThat(model.at("/versions/0").asString()).isEqualTo("3");
        assertThat(model.path("inputs").toString())
                .isEqualTo("[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[-1]}]");
        assertThat(client.get("/v2/models/colours/versions/3/ready").statusCode())
                .isEqualTo(200);
        assertThat(client.get("/v2/models/colours/versions/4/ready").statusCode())
                .isEqualTo(404);
        JsonNode configuration = json(client.get("/v2/models/captioner/config"));
        assertThat(configuration.path("max_batch_size").asInt()).isZero();
        assertThat(configuration.at("/input/0/data_type").asString()).isEqualTo("TYPE_STRING");
        assertThat(json(client.get("/v2/models/llava")).path("error").asString())
                .contains("'llava'");
    }

    @Test
    void base64InJsonIsAnsweredInJson() throws Exception {
        JsonNode answer = client.ok(
                INFER,
                "{'id': '42', 'inputs': [{'name': 'image', 'datatype': 'BYTES', 'shape': [2, 1], 'data': [['%s'], ['%s']]}]}"
                        .formatted(RED, BLUE));

        assertThat(answer.path("model_name").asString()).isEqualTo("captioner");
        assertThat(answer.path("model_version").asString()).isEqualTo("3");
        assertThat(answer.path("id").asString()).isEqualTo("42");
        assertThat(answer.at("/outputs/0/data").valueStream().map(JsonNode::asString))
                .containsExactly("A red picture", "A blue picture");
        assertThat(answer.at("/outputs/1/datatype").asString()).isEqualTo("FP32");
        assertThat(answer.at("/outputs/1/data/0").asDouble()).isBetween(0.1, 0.9);
    }

    @Test
    void binaryTensorsAreAnsweredInTheBinaryForm() throws Exception {
        byte[] tensor = element(Pictures.png(Color.RED, 40, 20), Pictures.png(Color.BLUE, 40, 20));
        HttpResponse<byte[]> response = binary(
                "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [2], \"parameters\": {\"binary_data_size\": %d}}], \"parameters\": {\"binary_data_output\": true}}"
                        .formatted(tensor.length),
                tensor);

        assertThat(response.statusCode()).isEqualTo(200);
        int length = Integer.parseInt(response.headers().firstValue(LENGTH).orElseThrow());
        JsonNode answer = JsonMapper.shared().readTree(response.body(), 0, length);
        ByteBuffer rest = ByteBuffer.wrap(response.body(), length, response.body().length - length)
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(answer.at("/outputs/0/parameters/binary_data_size").asInt()).isEqualTo(4 + 13 + 4 + 14);
        assertThat(text(rest)).isEqualTo("A red picture");
        assertThat(text(rest)).isEqualTo("A blue picture");
        assertThat(rest.getFloat()).isBetween(0.1f, 0.9f);
        assertThat(rest.getFloat()).isBetween(0.1f, 0.9f);
        assertThat(rest.hasRemaining()).isFalse();
    }

    @Test
    void anOutputMayBeAskedForAloneAndInJson() throws Exception {
        byte[] tensor = element(Pictures.png(Color.RED, 40, 20));
        HttpResponse<byte[]> response = binary(
                "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"parameters\": {\"binary_data_size\": %d}}], \"outputs\": [{\"name\": \"caption\", \"parameters\": {\"binary_data\": false}}]}"
                        .formatted(tensor.length),
                tensor);

        assertThat(response.headers().firstValue(LENGTH)).isEmpty();
        JsonNode answer = JsonMapper.shared().readTree(response.body());
        assertThat(answer.path("outputs")).hasSize(1);
        assertThat(answer.at("/outputs/0/data/0").asString()).isEqualTo("A red picture");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'inputs': []} | 400 | one input",
                "{'inputs': [{'name': 'image', 'datatype': 'UINT8', 'shape': [1], 'data': [1]}]} | 400 | BYTES",
                "{'inputs': [{'name': 'image', 'datatype': 'BYTES', 'shape': [1], 'data': [1]}]} | 400 | base64",
                "{'inputs': [{'name': 'image', 'datatype': 'BYTES', 'shape': [2], 'data': []}]} | 400 | shape",
                "{'inputs': [{'name': 'image', 'datatype': 'BYTES', 'shape': [1], 'parameters': {'binary_data_size': 9}}]} | 400 | binary_data_size",
                "{'inputs': [], 'outputs': [{'name': 'boxes'}]} | 400 | 'boxes'"
            })
    void whatDoesNotFitIsRefused(String body, int status, String reason) throws Exception {
        HttpResponse<String> response = client.post(INFER, body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).path("error").asString()).contains(reason);
    }

    @Test
    void aLengthBeyondItsTensorIsRefused() throws Exception {
        for (byte[] tensor : new byte[][] {{9, 0, 0, 0, 1}, {1, 0}, {-1, -1, -1, -1}}) {
            HttpResponse<byte[]> response = binary(
                    "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"parameters\": {\"binary_data_size\": %d}}]}"
                            .formatted(tensor.length),
                    tensor);
            assertThat(response.statusCode()).isEqualTo(400);
        }
        HttpResponse<String> longer = client.post(INFER, "{}", LENGTH, "100");
        assertThat(longer.statusCode()).isEqualTo(400);
        assertThat(json(longer).path("error").asString()).contains("fewer than the 100");
    }

    @Test
    void aFullServiceRefusesWithTheWait() throws Exception {
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never())) {
            HttpResponse<String> response = client.post("/v2/models/colours/versions/3/infer", "{}");
            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(json(response).has("error")).isTrue();
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
        }
    }

    private HttpResponse<byte[]> binary(String json, byte[] tensor) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(tensor);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(root + INFER))
                                .header(LENGTH, Integer.toString(json.length()))
                                .header("Content-Type", "application/octet-stream")
                                .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                                .build(),
                        BodyHandlers.ofByteArray());
    }

    private static byte[] element(byte[]... images) {
        ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        for (byte[] image : images) {
            tensor.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(image.length)
                    .array());
            tensor.writeBytes(image);
        }
        return tensor.toByteArray();
    }

    private static String text(ByteBuffer rest) {
        byte[] text = new byte[rest.getInt()];
        rest.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
