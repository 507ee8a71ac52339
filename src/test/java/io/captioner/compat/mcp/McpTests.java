package io.captioner.compat.mcp;

import static io.captioner.Client.json;
import static io.captioner.compat.JsonClient.BLACK;
import static io.captioner.compat.JsonClient.BLUE;
import static io.captioner.compat.JsonClient.RED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.Permit;
import io.captioner.compat.CompatTest;
import io.captioner.compat.JsonClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

@CompatTest
class McpTests {
    private static final String PATH = "/mcp";

    private final JsonClient client;
    private final Admission admission;
    private final String root;

    McpTests(@Autowired Environment environment, @Autowired Admission admission) {
        this.client = new JsonClient(environment);
        this.admission = admission;
        this.root = "http://localhost:" + Objects.requireNonNull(environment.getProperty("local.server.port"));
    }

    @Test
    void aClientFindsTheToolAndGetsTextPictureAndWords() throws Exception {
        try (McpSyncClient agent = agent()) {
            assertThat(agent.initialize().serverInfo().name()).isEqualTo("captioner");
            Tool tool = agent.listTools().tools().get(0);
            CallToolResult result = agent.callTool(CallToolRequest.builder("caption_image")
                    .arguments(Map.of("image", RED))
                    .build());

            assertThat(tool.name()).isEqualTo("caption_image");
            assertThat(tool.inputSchema().toString())
                    .contains("image", "overlay")
                    .doesNotContain("url=");
            assertThat(result.isError()).isNotEqualTo(true);
            assertThat(result.content().get(0))
                    .isInstanceOfSatisfying(
                            TextContent.class, text -> assertThat(text.text()).isEqualTo("A red picture"));
            assertThat(result.structuredContent().toString()).contains("caption=A red picture", "word=red", "box=");
            ImageContent picture = (ImageContent) result.content().get(1);
            assertThat(picture.mimeType()).isEqualTo("image/png");
            BufferedImage sheet =
                    ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(picture.data())));
            // The photo and three words beside and below each other.
            assertThat(sheet.getWidth()).isGreaterThan(400);
            assertThat(sheet.getHeight()).isGreaterThan(100);
        }
    }

    @Test
    void theAnswerHasPlacesAndProbabilitiesOfItsWords() throws Exception {
        JsonNode result = call("{'image': 'data:image/png;base64,%s', 'model': 'colours'}".formatted(BLUE))
                .path("result");
        JsonNode structured = result.path("structuredContent");

        assertThat(structured.path("caption").asString()).isEqualTo("A blue picture");
        assertThat(structured.path("model").asString()).isEqualTo("colours/3");
        assertThat(structured.path("width").asInt()).isEqualTo(40);
        assertThat(structured.path("confidence").asDouble()).isBetween(0.1, 0.9);
        assertThat(structured
                        .path("words")
                        .valueStream()
                        .map(word -> word.path("word").asString()))
                .containsExactly("a", "blue", "picture");
        for (JsonNode word : structured.path("words")) {
            assertThat(word.at("/box/width").asInt()).isBetween(1, 40);
            assertThat(word.at("/peak/x").asInt()).isBetween(0, 39);
            assertThat(word.path("probability").asDouble()).isBetween(0.0, 1.0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'image': '%s', 'overlay': false}", "{'image': '%s', 'model': 'blind'}"})
    void thePictureIsLeftOutWhereItIsNotWantedOrThereIsNoAttention(String arguments) throws Exception {
        JsonNode content = call(arguments.formatted(RED)).at("/result/content");

        assertThat(content.size()).isEqualTo(1);
        assertThat(content.at("/0/text").asString()).isEqualTo("A red picture");
    }

    @Test
    void aPictureWithoutWordsIsASentence() throws Exception {
        JsonNode result = call("{'image': '%s'}".formatted(BLACK)).path("result");

        assertThat(result.at("/content/0/text").asString()).isEqualTo("I found no words for this picture.");
        assertThat(result.at("/structuredContent/words").size()).isZero();
        assertThat(result.path("content").size()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | base64 in image",
                "{'image': ''} | base64 in image",
                "{'image': 7} | image",
                "{'image': '%%%'} | not base64",
                "{'image': 'aGVsbG8gd29ybGQsIHRoaXMgaXMgbm8gcGljdHVyZSBhdCBhbGwu'} | picture",
                "{'image': 'https://example.org/a.jpg'} | no URL is fetched",
                "{'url': 'https://example.org/a.jpg'} | no URL is fetched",
                "{'image': 'AAAA', 'model': 'none'} | not found"
            })
    void faultsOfTheArgumentsAreToldToTheModelThatCallsTheTool(String arguments, String reason) throws Exception {
        JsonNode result = call(arguments).path("result");

        assertThat(result.path("isError").asBoolean(false))
                .as(result.toString())
                .isTrue();
        assertThat(result.at("/content/0/text").asString()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'jsonrpc': '2.0', 'id': 1, 'method': | 400 | -32700",
                "[] | 400 | -32700",
                "{'id': 1, 'method': 'ping'} | 400 | -32600",
                "{'jsonrpc': '2.0', 'id': 1} | 400 | -32600",
                "{'jsonrpc': '2.0', 'id': null, 'method': 'ping'} | 400 | -32600",
                "{'jsonrpc': '2.0', 'id': 1.5, 'method': 'ping'} | 400 | -32600",
                "{'jsonrpc': '2.0', 'id': 1, 'method': 'resources/list'} | 200 | -32601",
                "{'jsonrpc': '2.0', 'id': 1, 'method': 'tools/call'} | 200 | -32602",
                "{'jsonrpc': '2.0', 'id': 1, 'method': 'tools/call', 'params': {'name': 'x'}} | 200 | -32602",
                "{'jsonrpc': '2.0', 'id': 1, 'method': 'tools/call', 'params': {'name': 'caption_image', 'arguments': 7}} | 200 | -32602",
                "{'jsonrpc': '2.0', 'id': 1, 'method': 'initialize', 'params': {'capabilities': 7}} | 200 | -32602"
            })
    void whatIsNoMessageOrNoMethodHasTheCodesOfJsonRpc(String body, int status, int code) throws Exception {
        HttpResponse<String> response = client.post(PATH, body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).path("jsonrpc").asString()).isEqualTo("2.0");
        assertThat(json(response).at("/error/code").asInt()).as(response.body()).isEqualTo(code);
        assertThat(response.body()).doesNotContain("Exception", "io.modelcontextprotocol", "McpSchema");
    }

    @Test
    void anIdIsATextOrANumberAndComesBack() throws Exception {
        for (String id : List.of("\"7f1c\"", "0", "9007199254740993")) {
            assertThat(client.ok(PATH, "{'jsonrpc': '2.0', 'id': %s, 'method': 'ping'}".formatted(id))
                            .path("id")
                            .toString())
                    .isEqualTo(id);
        }
    }

    @Test
    void notificationsAreAcceptedWithoutAnAnswer() throws Exception {
        HttpResponse<String> response = client.post(PATH, "{'jsonrpc': '2.0', 'method': 'notifications/initialized'}");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void thereAreNoStreamsAndNoSessionsToEnd() throws Exception {
        for (HttpResponse<String> response :
                List.of(client.get(PATH, "Accept", "text/event-stream"), client.send("DELETE", PATH))) {
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("POST");
            assertThat(json(response).at("/error/message").asString()).contains("POST");
        }
    }

    @Test
    void pagesOfOtherOriginsAndUnknownVersionsAreRefused() throws Exception {
        String ping = "{'jsonrpc': '2.0', 'id': 1, 'method': 'ping'}";

        assertThat(client.post(PATH, ping, "Origin", "https://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(client.post(PATH, ping, "Origin", "https://tools.example.org")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> newer = client.post(PATH, ping, "MCP-Protocol-Version", "2999-01-01");
        assertThat(newer.statusCode()).isEqualTo(400);
        assertThat(json(newer).at("/error/data/supported").toString()).contains("2025-06-18");
        assertThat(client.post(PATH, ping, "MCP-Protocol-Version", "2025-06-18").statusCode())
                .isEqualTo(200);
    }

    @Test
    void theLimitOnBytesHoldsBeforeTheBodyIsParsed() throws Exception {
        HttpResponse<String> response = client.post(PATH, "{'jsonrpc': '" + "x".repeat(1_600_000));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(json(response).at("/error/message").asString()).contains("body of JSON");
        assertThat(json(response).at("/error/data/type").asString()).isEqualTo("too-many-bytes");
    }

    @Test
    void aFullServiceRefusesBeforeTheBodyWithTheWait() throws Exception {
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never());
                McpSyncClient agent = agent()) {
            HttpResponse<String> response = client.post(PATH, "{}");

            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
            assertThat(json(response).at("/error/data/type").asString()).isEqualTo("overloaded");
            assertThat(json(response).at("/error/data/retryAfter").asInt()).isPositive();
            assertThatThrownBy(agent::initialize).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void aDeadlineThatPassesHasItsOwnStatus() throws Exception {
        HttpResponse<String> response =
                client.post(PATH, message("{'image': '%s'}".formatted(RED)), "X-Request-Timeout", "1ns");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(504);
        assertThat(json(response).at("/error/code").asInt()).isEqualTo(-32000);
    }

    @Test
    void requestsAreCountedUnderTheirProtocol(@Autowired io.micrometer.core.instrument.MeterRegistry meters)
            throws Exception {
        call("{'image': '%s'}".formatted(RED));

        assertThat(meters.get("captioner.request")
                        .tags("protocol", "mcp", "outcome", "ok")
                        .timer()
                        .count())
                .isPositive();
    }

    private McpSyncClient agent() {
        return McpClient.sync(HttpClientStreamableHttpTransport.builder(root).build())
                .build();
    }

    private JsonNode call(String arguments) throws Exception {
        return client.ok(PATH, message(arguments));
    }

    private static String message(String arguments) {
        return "{'jsonrpc': '2.0', 'id': 1, 'method': 'tools/call', 'params': {'name': 'caption_image', 'arguments': %s}}"
                .formatted(arguments);
    }
}
