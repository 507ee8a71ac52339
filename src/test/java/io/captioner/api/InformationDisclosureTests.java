package io.captioner.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.captioner.Client;
import io.captioner.RawConnection;
import io.captioner.ServedTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

/** Answers reveal no internals of the service, and their headers restrict browsers. */
@ServedTest
class InformationDisclosureTests {
    private static final String[] INTERNALS = {
        "java.", "jakarta.", "org.", "io.captioner", "Exception", "\tat ", "Tomcat", "Apache", "/tmp/", "<html"
    };

    private final int port;
    private final Client client;

    InformationDisclosureTests(@Autowired Environment environment) {
        this.port = Integer.parseInt(requireNonNull(environment.getProperty("local.server.port")));
        this.client = new Client(port);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /nowhere HTTP/1.1                  | 404",
                "GET /error HTTP/1.1                    | 404",
                "GET /models/unknown HTTP/1.1            | 406",
                "GET /swagger-ui/nothing.js HTTP/1.1    | 404",
                "GET /page/nothing.js HTTP/1.1          | 404",
                "GET /page/ HTTP/1.1                    | 404",
                "GET /captions HTTP/1.1                 | 405",
                "DELETE /models HTTP/1.1                | 405",
                "TRACE /captions HTTP/1.1               | 405",
                "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1 | 400",
                "GET /..%2f..%2fetc/passwd HTTP/1.1     | 400",
                "GET /captions%00 HTTP/1.1              | 400",
                "GET /%ZZ HTTP/1.1                      | 400",
                "GET /a\\b HTTP/1.1                     | 400",
                "GET /<script> HTTP/1.1                 | 400",
                "GET / HTTP/9.9                         | 400",
                "NONSENSE                               | 400",
                "CONNECT host:1 HTTP/1.1                | 400",
            })
    void noErrorRevealsInternals(String line, int status) throws Exception {
        String answer = raw(line + "\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status).doesNotContain(INTERNALS);
    }

    @Test
    void headersThatTomcatRefusesAreAnsweredWithoutItsPage() throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 4")
                .doesNotContain(INTERNALS);
        assertThat(raw("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400").doesNotContain(INTERNALS);
        assertThat(raw("POST /captions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: rot13\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .doesNotContain(INTERNALS);
        assertThat(raw("POST /captions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .doesNotContain(INTERNALS);
    }

    @Test
    void everyAnswerHasTheSecurityHeaders() throws Exception {
        for (String path : List.of("/models", "/captions", "/nowhere", "/livez", "/v3/api-docs", "/pages")) {
            HttpResponse<String> response = client.get(path);
            assertThat(header(response, "Content-Security-Policy"))
                    .as(path)
                    .startsWith("default-src 'none'")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("script-src");
            assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(header(response, "X-Frame-Options")).isEqualTo("DENY");
            assertThat(header(response, "Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(header(response, "Permissions-Policy")).contains("microphone=()", "geolocation=()");
            assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
            assertThat(header(response, "Server")).isEmpty();
        }
        assertThat(header(client.get("/swagger-ui/index.html"), "Content-Security-Policy"))
                .contains("script-src 'self';")
                .doesNotContain("unsafe-eval", "script-src 'self' 'unsafe", "http");
        for (String path : List.of("/", "/page/main.js", "/page/page.css")) {
            assertThat(client.get(path).statusCode()).as(path).isEqualTo(200);
            assertThat(header(client.get(path), "Content-Security-Policy"))
                    .startsWith("default-src 'none';")
                    .contains("frame-ancestors 'none'", "form-action 'none'", "require-trusted-types-for 'script'")
                    .doesNotContain("unsafe", "http", "*");
        }
    }

    @Test
    void pagesOfOtherOriginsCannotReadAnswers() throws Exception {
        HttpResponse<String> preflight = client.send(client.request("/captions")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST"));
        HttpResponse<String> simple = client.send(client.request("/models")
                .header("Origin", "https://evil.example")
                .GET());

        for (HttpResponse<String> response : List.of(preflight, simple)) {
            assertThat(response.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-allow"));
            assertThat(response.headers().map()).doesNotContainKey("set-cookie");
        }
    }

    private String raw(String request) throws Exception {
        try (RawConnection connection = new RawConnection(port)) {
            Throwable cut = catchThrowable(() -> connection.send(request.getBytes(US_ASCII)));
            assertThat(cut).as("sent").isNull();
            return connection.answer();
        }
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
