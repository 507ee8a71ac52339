package io.captioner.api;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.ServedTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

@ServedTest
class ModelsRouteTests {
    private final Client client;

    ModelsRouteTests(@Autowired Environment environment) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
    }

    @Test
    void everyVersionIsListedAndOneIsTheDefault() throws Exception {
        JsonNode models = json(client.get("/models")).path("models");

        assertThat(models.size()).isEqualTo(2);
        assertThat(models.path(0).propertyNames())
                .containsExactly(
                        "name", "version", "state", "bundleSha256", "device", "language", "licence", "default");
        assertThat(models.at("/0/language").asString()).isEqualTo("en");
        assertThat(models.at("/0/licence").asString()).isEqualTo("none");
        assertThat(models.at("/0/name").asString()).isEqualTo("blind");
        assertThat(models.at("/0/default").asBoolean()).isFalse();
        assertThat(models.at("/1/name").asString()).isEqualTo("colours");
        assertThat(models.at("/1/default").asBoolean()).isTrue();
        assertThat(models.at("/1/state").asString()).isEqualTo("READY");
        assertThat(models.at("/1/bundleSha256").asString()).hasSize(64);
    }

    @Test
    void aModelIsDescribedByItsManifest() throws Exception {
        JsonNode model = json(client.get("/models/colours"));

        assertThat(model.propertyNames()).containsExactly("name", "state", "manifest", "versions");
        assertThat(model.path("state").asString()).isEqualTo("READY");
        assertThat(model.at("/manifest/input/width").asInt()).isEqualTo(8);
        assertThat(model.at("/versions/0/version").asString()).isEqualTo("3");
    }

    @Test
    void anUnknownModelIsAProblemThatNamesTheOthers() throws Exception {
        HttpResponse<String> response = client.get("/models/none");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(response).path("type").asString()).isEqualTo("urn:captioner:problem:unknown-model");
        assertThat(json(response).path("detail").asString()).contains("blind, colours");
    }

    @Test
    void theCardIsMarkdownOrAPageAsTheClientLikes() throws Exception {
        HttpResponse<String> markdown = client.get("/models/colours/card");

        assertThat(markdown.headers().firstValue("Content-Type")).contains("text/markdown;charset=UTF-8");
        assertThat(markdown.body()).startsWith("# colours, version 3\n").contains("Terms: **none**.", "| decoder | ");

        HttpRequest.Builder card = client.request("/models/colours/card");
        HttpResponse<String> page = client.send(card.header("Accept", "text/html,application/xml;q=0.9,*/*;q=0.8"));
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'")
                .doesNotContain("script");
        assertThat(page.body()).contains("<h1>colours, version 3</h1>", "<td>decoder</td>", "<strong>none</strong>");

        assertThat(client.send(card.setHeader("Accept", "image/png")).statusCode())
                .isEqualTo(406);
        assertThat(client.get("/models/none/card").statusCode()).isEqualTo(404);
    }

    @Test
    void bothRoutesAreInTheDescription() throws Exception {
        JsonNode api = json(client.get("/v3/api-docs"));

        JsonNode all = api.path("paths").path("/models").path("get");
        assertThat(all.path("operationId").asString()).isEqualTo("listModels");
        assertThat(all.at("/responses").propertyNames()).containsExactly("200");
        JsonNode one = api.path("paths").path("/models/{name}").path("get");
        assertThat(one.at("/responses").propertyNames()).containsExactlyInAnyOrder("200", "404");
        assertThat(one.path("responses").path("404").path("content").propertyNames())
                .containsExactly("application/problem+json");
        assertThat(api.at("/components/schemas/ModelVersion/properties/default").isMissingNode())
                .isFalse();
        assertThat(api.at("/components/schemas/ModelVersion/properties/isDefault")
                        .isMissingNode())
                .isTrue();
    }
}
