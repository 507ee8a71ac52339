package io.captioner.web.tomcat;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.Client;
import io.captioner.FakeModels;
import io.captioner.RecordedSpans;
import io.captioner.web.tomcat.ForwardedHeadersValve.ProxyProperties;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** A service that trusts one proxy, which is not this test's machine, under a context path. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "server.servlet.context-path=/ai",
            "captioner.proxies.trusted=192.0.2.7/32"
        })
@Import({FakeModels.class, RecordedSpans.class})
class ForwardedHeadersValveTests {
    private final Client client;
    private final int port;

    ForwardedHeadersValveTests(@Autowired Environment environment) {
        this.port = Integer.parseInt(requireNonNull(environment.getProperty("local.server.port")));
        this.client = new Client(port);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-Host, evil.example",
        "X-Forwarded-Proto, https",
        "X-Forwarded-Prefix, /evil",
        "X-Forwarded-Port, 1",
        "Forwarded, host=evil.example;proto=https"
    })
    void forwardedHeadersOfAnotherPeerAreIgnored(String name, String value) throws Exception {
        HttpResponse<String> description = client.send(
                client.request("/ai/swagger-ui.html").header(name, value).GET());

        assertThat(description.headers().firstValue("Location").orElse(""))
                .isIn("/ai/swagger-ui/index.html", "http://localhost:" + port + "/ai/swagger-ui/index.html");
        assertThat(client.send(client.request("/ai/").header(name, value).GET()).body())
                .contains("<base href=\"/ai/\">");
    }

    @Test
    void underAContextPathEverythingIsBelowIt() throws Exception {
        assertThat(client.get("/ai/readyz").statusCode()).isEqualTo(200);
        assertThat(client.get("/ai/swagger-ui/index.html").statusCode()).isEqualTo(200);
        assertThat(Client.json(client.get("/ai/v3/api-docs"))
                        .at("/servers/0/url")
                        .asString())
                .isEqualTo("http://localhost:" + port + "/ai");
        assertThat(Client.json(client.get("/ai/nowhere")).path("instance").asString())
                .isEqualTo("/ai/nowhere");
        assertThat(client.get("/captions").statusCode()).isEqualTo(404);
    }

    @Test
    void aNameInPlaceOfANetworkIsRefused() {
        assertThatThrownBy(() -> new ProxyProperties(List.of("ingress-nginx")))
                .hasMessageContaining("10.0.0.0/8")
                .hasMessageContaining("ingress-nginx");
    }
}
