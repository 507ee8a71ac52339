package io.captioner.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.Pictures;
import io.captioner.RawConnection;
import io.captioner.ServedTest;
import java.awt.Color;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

/** The head of a request: query strings, hosts, versions of HTTP, and what a probe or a proxy says. */
@ServedTest
class RequestHeadTests {
    private static final byte[] RED = Pictures.png(Color.RED, 9, 9);

    private final int port;
    private final Client client;
    private final Client management;

    RequestHeadTests(@Autowired Environment environment) {
        this.port = Integer.parseInt(requireNonNull(environment.getProperty("local.server.port")));
        this.client = new Client(port);
        this.management =
                new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.management.port"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model=100%", "%", "a=%zz", "%2=b", "seed=%ff", "=x", "model=%c3%28"})
    void aMalformedQueryIsTheClientsFault(String query) throws Exception {
        assertThat(answer("POST /captions?" + query + " HTTP/1.1\r\nHost: localhost"))
                .startsWith("HTTP/1.1 400")
                .contains("malformed-request", "%25");
        assertThat(answer("GET /readyz?" + query + " HTTP/1.1\r\nHost: localhost"))
                .startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/captions;%", "/nowhere;%=100%", "/%", "/captions/%zz"})
    void aMalformedPathIsTheClientsFault(String path) throws Exception {
        assertThat(answer("POST " + path + " HTTP/1.1\r\nHost: localhost"))
                .startsWith("HTTP/1.1 400")
                .contains("malformed-request");
    }

    @ParameterizedTest
    @CsvSource({
        "caption_svc:8080, 200",
        "caption_svc, 200",
        "_a_, 200",
        "my_project-caption_1.default_net:80, 200",
        "localhost, 200",
        "[::1]:8080, 200",
        "[::_]:8080, 400",
        "a_b:80_80, 400",
        "a_b:, 200",
        "a b, 400",
        "a_b/c, 400",
        "a_b@c, 400"
    })
    void aHostMayHaveUnderscores(String host, int status) throws Exception {
        assertThat(answer("POST /captions HTTP/1.1\r\nHost: " + host)).startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @CsvSource({"HTTP/2.0, HTTP/1.1", "HTTP/9.9, HTTP/1.1", "HTTP/1.x, ''", "HXTP/1.1, ''"})
    void anotherVersionOfHttpIsTheClientsFault(String version, String remedy) throws Exception {
        assertThat(answer("POST /captions " + version + "\r\nHost: localhost"))
                .startsWith("HTTP/1.1 400")
                .contains("malformed-request", remedy);
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.1, 404", "HTTP/2.0, 400", "HTTP/1.x, 400"})
    void aQuestionForTheOptionsOfTheServerGetsAProblem(String version, int status) throws Exception {
        assertThat(answer("OPTIONS * " + version + "\r\nHost: localhost"))
                .startsWith("HTTP/1.1 " + status)
                .contains("urn:captioner:problem:");
    }

    @Test
    void anUnknownTransferEncodingIsTheClientsFault() throws Exception {
        try (RawConnection connection = new RawConnection(port)) {
            connection.send("POST /captions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: rot13\r\n\r\n"
                    .getBytes(ISO_8859_1));
            assertThat(connection.answer()).startsWith("HTTP/1.1 400").contains("Transfer-Encoding");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/html", "image/png", "nonsense", "application/json"})
    void aProbeIsAnsweredWhateverItAccepts(String accept) throws Exception {
        for (String path : new String[] {"/livez", "/readyz"}) {
            assertThat(get(client, path, "Accept", accept).statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        for (String path : new String[] {"/actuator/health", "/actuator/health/readiness"}) {
            assertThat(get(management, path, "Accept", accept).statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    @Test
    void aTrustedProxysNamesAreThoseThatClientsSee() throws Exception {
        String[] proxy = {
            "X-Forwarded-Proto",
            "https",
            "X-Forwarded-Host",
            "photos.example",
            "X-Forwarded-Port",
            "443",
            "X-Forwarded-Prefix",
            "/ai"
        };
        assertThat(get(client, "/", proxy).body()).contains("<base href=\"/ai/\">");
        assertThat(location(get(client, "/swagger-ui.html", proxy)))
                .isIn("/ai/swagger-ui/index.html", "https://photos.example/ai/swagger-ui/index.html");
        assertThat(Client.json(get(client, "/v3/api-docs", proxy))
                        .at("/servers/0/url")
                        .asString())
                .isEqualTo("https://photos.example/ai");
        assertThat(get(client, "/v3/api-docs/swagger-config", proxy).body()).contains("\"/ai/v3/api-docs\"");
        assertThat(Client.json(get(client, "/nowhere", proxy)).path("instance").asString())
                .isEqualTo("/ai/nowhere");
        assertThat(location(get(client, "/swagger-ui.html", "Forwarded", "proto=https;host=photos.example")))
                .isIn("/swagger-ui/index.html", "https://photos.example/swagger-ui/index.html");
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-Port, abc",
        "Forwarded, host=a:b",
        "Forwarded, host=`x",
        "X-Forwarded-Host, `gzip",
        "X-Forwarded-Host, [::1",
        "X-Forwarded-Proto, a b",
        "X-Forwarded-Prefix, '%'",
        "X-Forwarded-Prefix, '*/*'",
        "X-Forwarded-Prefix, ai/"
    })
    void aMalformedHeaderOfAProxyIsNoFaultOfTheService(String name, String value) throws Exception {
        assertThat(get(client, "/swagger-ui.html", name, value).statusCode()).isLessThan(500);
    }

    private static HttpResponse<String> get(Client client, String path, String... headers) throws Exception {
        return client.send(client.request(path).headers(headers).GET());
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("Location").orElse("");
    }

    private String answer(String head) throws Exception {
        try (RawConnection connection = new RawConnection(port)) {
            connection.send((head + "\r\nContent-Type: image/png\r\nContent-Length: " + RED.length + "\r\n\r\n")
                    .getBytes(ISO_8859_1));
            connection.send(RED);
            return connection.answer();
        }
    }
}
