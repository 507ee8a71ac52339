package io.captioner.api;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.ServedTest;
import io.captioner.web.ProblemType;
import java.util.EnumSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

@ServedTest
class OpenApiTests {
    private final Client client;

    OpenApiTests(@Autowired Environment environment) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
    }

    @Test
    void theBodyIsAnArrayOfFilesInAPartNamedImageOrOneRawImage() throws Exception {
        JsonNode content = post().at("/requestBody/content");

        assertThat(content.propertyNames())
                .containsExactly("multipart/form-data", "image/*", "application/octet-stream");
        JsonNode image = content.path("multipart/form-data").at("/schema/properties/image");
        assertThat(image.path("type").asString()).isEqualTo("array");
        assertThat(image.at("/items/type").asString()).isEqualTo("string");
        assertThat(image.at("/items/format").asString()).isEqualTo("binary");
        assertThat(content.path("image/*").at("/schema/format").asString()).isEqualTo("binary");
    }

    @Test
    void everyStatusIsDescribedWithAnExampleOfEachOfItsProblems() throws Exception {
        JsonNode responses = post().path("responses");

        assertThat(responses.propertyNames())
                .containsExactlyInAnyOrder(
                        "200", "400", "401", "404", "406", "408", "413", "415", "422", "429", "500", "503", "504");
        for (ProblemType type : ProblemType.values()) {
            if (EnumSet.of(ProblemType.NOT_FOUND, ProblemType.METHOD_NOT_ALLOWED, ProblemType.CLIENT_GONE)
                    .contains(type)) {
                continue;
            }
            JsonNode example = responses
                    .path(Integer.toString(type.status().value()))
                    .path("content")
                    .path("application/problem+json")
                    .path("examples")
                    .path(type.slug())
                    .path("value");
            assertThat(example.path("type").asString()).isEqualTo(type.uri().toString());
            assertThat(example.path("status").asInt()).isEqualTo(type.status().value());
            assertThat(example.path("detail").asString()).isNotBlank();
        }
        assertThat(responses.at("/429/headers/Retry-After").isMissingNode()).isFalse();
    }

    @Test
    void answersAreShownForEachAmountOfAttention() throws Exception {
        JsonNode examples = post().path("responses")
                .path("200")
                .path("content")
                .path("application/json")
                .path("examples");

        assertThat(examples.propertyNames()).containsExactlyInAnyOrder("summary", "none", "grid");
        String word = "/value/results/0/captions/0/words/0";
        assertThat(examples.path("none").at(word).has("attention")).isFalse();
        assertThat(examples.path("summary").at(word + "/attention").has("grid")).isFalse();
        assertThat(examples.path("grid").at(word + "/attention").has("grid")).isTrue();
    }

    @Test
    void theParametersAreDescribedWithTheirBounds() throws Exception {
        JsonNode parameters = post().path("parameters");

        assertThat(StreamSupport.stream(parameters.spliterator(), false)
                        .map(p -> p.path("name").asString()))
                .containsExactlyInAnyOrder(
                        "strategy",
                        "beamWidth",
                        "alternatives",
                        "maxWords",
                        "lengthPenalty",
                        "noRepeatNgram",
                        "consensus",
                        "temperature",
                        "topK",
                        "topP",
                        "seed",
                        "minConfidence",
                        "genderNeutral",
                        "avoid",
                        "require",
                        "style",
                        "attention",
                        "model",
                        "language",
                        "X-Request-Timeout");
        for (JsonNode parameter : parameters) {
            assertThat(parameter.path("description").asString())
                    .as(parameter.toString())
                    .isNotBlank();
            assertThat(parameter.path("required").asBoolean()).isFalse();
            switch (parameter.path("name").asString()) {
                case "beamWidth", "alternatives" -> {
                    assertThat(parameter.at("/schema/minimum").asInt()).isEqualTo(1);
                    assertThat(parameter.at("/schema/maximum").asInt()).isEqualTo(10);
                }
                case "maxWords" ->
                    assertThat(parameter.at("/schema/maximum").asInt()).isEqualTo(50);
                case "attention" ->
                    assertThat(parameter.at("/schema/enum").valueStream().map(JsonNode::asString))
                            .containsExactly("none", "summary", "grid");
                default ->
                    assertThat(parameter.at("/schema/type").asString()).isIn("string", "number", "integer", "boolean");
            }
        }
    }

    @Test
    void theOtherFormsOfTheAnswerAreListed() throws Exception {
        assertThat(post().at("/responses/200/content").propertyNames())
                .containsExactlyInAnyOrder(
                        "application/json", "text/plain", "text/html", "image/png", "text/csv", "text/event-stream");
    }

    @Test
    void scoringIsDescribedWithItsFormItsParametersAndItsErrors() throws Exception {
        JsonNode score = post("/captions/score");

        JsonNode form = score.path("requestBody")
                .path("content")
                .path("multipart/form-data")
                .path("schema");
        assertThat(form.path("properties").propertyNames()).containsExactlyInAnyOrder("image", "text");
        assertThat(form.at("/properties/text/maxItems").asInt()).isEqualTo(32);
        assertThat(score.path("parameters")
                        .valueStream()
                        .map(p -> p.path("name").asString()))
                .containsExactlyInAnyOrder("text", "lengthPenalty", "attention", "model", "X-Request-Timeout");
        assertThat(score.path("parameters")
                        .valueStream()
                        .map(p -> p.path("required").asBoolean()))
                .doesNotContain(true);
        JsonNode example = score.path("responses")
                .path("200")
                .path("content")
                .path("application/json")
                .at("/examples/scores/value");
        assertThat(example.at("/scores/1/unknown/0").asString()).isEqualTo("labradoodle");
        assertThat(score.path("responses").propertyNames()).contains("400", "413", "429", "503", "504");
    }

    @Test
    void swaggerUiIsServed() throws Exception {
        assertThat(client.get("/swagger-ui.html").statusCode()).isEqualTo(302);
        assertThat(client.get("/swagger-ui/index.html").statusCode()).isEqualTo(200);
    }

    private JsonNode post() throws Exception {
        return post("/captions");
    }

    private JsonNode post(String path) throws Exception {
        return json(client.get("/v3/api-docs")).path("paths").path(path).path("post");
    }
}
