package io.captioner.compat;

import static io.captioner.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.UnauthorizedException;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service with keys and with photos from URLs: those of a server of the test's own on the loopback address. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "captioner.compat.enabled=ollama,openai,azure,mcp",
            "captioner.security.mode=api-key",
            "captioner.remote.enabled=true",
            "captioner.remote.hosts=127.0.0.1",
            "captioner.remote.http=true",
            "captioner.remote.networks=127.0.0.0/8"
        })
@Import(FakeModels.class)
class RemoteCompatTests {
    private static final String KEY = "key-of-the-shop-0123456789abcdef0123456789";
    private static final HttpServer SITE = site();

    private final JsonClient client;

    RemoteCompatTests(@Autowired Environment environment) {
        this.client = new JsonClient(environment);
    }

    private static HttpServer site() {
        try {
            HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            serve(site, "/red.png", Pictures.png(Color.RED, 40, 20));
            serve(site, "/blue.png", Pictures.png(Color.BLUE, 40, 20));
            serve(site, "/page.html", "<html><body>no picture</body></html>".getBytes(StandardCharsets.UTF_8));
            site.start();
            return site;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(HttpServer site, String path, byte[] body) {
        site.createContext(path, exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry properties) throws Exception {
        Path keys = Files.createTempFile("captioner-keys", "");
        keys.toFile().deleteOnExit();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.US_ASCII));
        Files.writeString(keys, "shop " + HexFormat.of().formatHex(hash));
        properties.add("captioner.security.keys", keys::toString);
        properties.add("captioner.remote.ports", () -> SITE.getAddress().getPort());
    }

    @AfterAll
    static void stop() {
        SITE.stop(0);
    }

    @Test
    void ourOwnRouteFetchesOneOrSeveralPhotos() throws Exception {
        HttpResponse<String> one = post("/captions?attention=none", "{'url': '%s'}".formatted(url("/red.png")));
        HttpResponse<String> two =
                post("/captions", "{'url': ['%s', '%s']}".formatted(url("/red.png"), url("/blue.png")));

        assertThat(json(one).at("/results/0/captions/0/text").asString())
                .as(one.body())
                .isEqualTo("a red picture");
        assertThat(json(two)
                        .path("results")
                        .valueStream()
                        .map(result -> result.at("/captions/0/text").asString()))
                .containsExactly("a red picture", "a blue picture");
        assertThat(json(post("/captions", "{}")).path("type").asString()).endsWith("missing-image");
        assertThat(json(post("/captions", "{'url': 'http://127.0.0.2/'}"))
                        .path("type")
                        .asString())
                .endsWith("invalid-parameter");
        assertThat(post("/captions", "{'url': '%s'}".formatted(url("/page.html")))
                        .statusCode())
                .isEqualTo(415);
        assertThat(json(post("/captions", "{'url': '%s'}".formatted(url("/nowhere"))))
                        .path("detail")
                        .asString())
                .contains("answered 404");
    }

    @Test
    void theDescriptionHasTheBodyOfUrls() throws Exception {
        assertThat(json(client.get("/v3/api-docs"))
                        .at("/paths/~1captions/post/requestBody/content/application~1json/schema/properties/url/format")
                        .asString())
                .isEqualTo("uri");
    }

    @Test
    void theOtherProtocolsFetchThemToo() throws Exception {
        requireText(
                post(
                        "/v1/chat/completions",
                        "{'messages': [{'role': 'user', 'content': [{'type': 'image_url', 'image_url': {'url': '%s'}}]}]}"
                                .formatted(url("/red.png"))),
                "/choices/0/message/content",
                "A red picture");
        requireText(
                post("/api/generate", "{'stream': false, 'images': ['%s']}".formatted(url("/blue.png"))),
                "/response",
                "A blue picture");
        requireText(
                post(
                        "/computervision/imageanalysis:analyze?api-version=2023-10-01&features=caption",
                        "{'url': '%s'}".formatted(url("/red.png"))),
                "/captionResult/text",
                "A red picture");
        requireText(
                post(
                        "/vision/v3.2/analyze?visualFeatures=Description,Tags",
                        "{'url': '%s'}".formatted(url("/blue.png"))),
                "/description/captions/0/text",
                "A blue picture");
    }

    @Test
    void theToolHasAnArgumentForThem() throws Exception {
        String call =
                "{'jsonrpc': '2.0', 'id': 1, 'method': 'tools/call', 'params': {'name': 'caption_image', 'arguments': {'url': '%s'}}}";

        assertThat(json(post("/mcp", "{'jsonrpc': '2.0', 'id': 1, 'method': 'tools/list'}"))
                        .at("/result/tools/0/inputSchema/properties")
                        .propertyNames())
                .contains("url");
        requireText(
                post("/mcp", call.formatted(url("/blue.png"))), "/result/structuredContent/caption", "A blue picture");
        requireText(post("/mcp", call.formatted(url("/page.html"))), "/result/isError", "true");
    }

    @Test
    void keysAreTakenInTheHeaderOfEachProtocol() throws Exception {
        for (List<String> header : List.of(
                List.of("Authorization", "Bearer " + KEY),
                List.of("X-API-Key", KEY),
                List.of("Ocp-Apim-Subscription-Key", KEY))) {
            assertThat(client.get("/v1/models", header.get(0), header.get(1)).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aMissingOrWrongKeyIsRefusedInTheFormOfTheProtocol() throws Exception {
        HttpResponse<String> openai = client.post("/v1/chat/completions", "{}", "Authorization", "Bearer wrong");
        HttpResponse<String> ollama = client.get("/api/tags");
        HttpResponse<String> azure =
                client.post("/computervision/imageanalysis:analyze", "{}", "Ocp-Apim-Subscription-Key", "wrong");
        HttpResponse<String> mcp =
                client.post("/mcp", "{'jsonrpc': '2.0', 'id': 1, 'method': 'ping'}", "Authorization", "Bearer wrong");

        for (HttpResponse<String> response : List.of(openai, ollama, azure, mcp)) {
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
        }
        assertThat(json(openai).at("/error/code").asString()).isEqualTo("invalid_api_key");
        assertThat(json(ollama).path("error").asString()).contains("key");
        assertThat(json(azure).at("/error/code").asString()).isEqualTo("401");
        assertThat(json(mcp).at("/error/data/type").asString()).isEqualTo("unauthorized");
        assertThat(client.get("/").body()).isEqualTo("Ollama is running");
    }

    @Test
    void clientsOfJavaAreToldOfAWrongKey(@Autowired Environment environment) {
        String root = "http://localhost:" + environment.getProperty("local.server.port");
        ChatModel langChain4j = OpenAiChatModel.builder()
                .baseUrl(root + "/v1")
                .apiKey("wrong")
                .modelName("captioner")
                .maxRetries(0)
                .build();

        assertThatThrownBy(() -> langChain4j.chat("Hi")).isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() -> SpringAiTests.openAi(root, "wrong").call(SpringAiTests.photo(JsonClient.RED)))
                .isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> SpringAiTests.ollama(root).call(SpringAiTests.photo(JsonClient.RED)))
                .hasMessageContaining("401");
        assertThat(SpringAiTests.text(SpringAiTests.openAi(root, KEY).call(SpringAiTests.photo(JsonClient.RED))))
                .isEqualTo("A red picture");
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.post(path, body, "X-API-Key", KEY);
    }

    private static String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(SITE.getAddress().getPort(), path);
    }

    private static void requireText(HttpResponse<String> response, String pointer, String expected) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response).at(pointer).asString()).isEqualTo(expected);
    }
}
