package io.captioner.compat;

import static io.captioner.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.web.ProtocolRoutes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

@CompatTest
class CompatDescriptionTests {
    private final JsonClient client;
    private final List<ProtocolRoutes> protocols;

    CompatDescriptionTests(@Autowired Environment environment, @Autowired List<ProtocolRoutes> protocols) {
        this.client = new JsonClient(environment);
        this.protocols = protocols;
    }

    @Test
    void eachProtocolHasAGroupWithAllItsRoutesAndNoOther() throws Exception {
        assertThat(protocols).isNotEmpty();
        for (ProtocolRoutes routes : protocols) {
            JsonNode paths =
                    json(client.get("/v3/api-docs/" + routes.protocol().tag())).path("paths");
            Map<String, ProtocolRoutes.Route> expected = routes.routes().stream()
                    .collect(Collectors.toMap(route -> route.path().getPatternString(), route -> route));
            assertThat(paths.propertyNames()).containsExactlyInAnyOrderElementsOf(expected.keySet());
            expected.forEach((path, route) -> {
                JsonNode operation = paths.path(path).path(route.method().name().toLowerCase(Locale.ROOT));
                assertThat(operation.path("summary").asString()).as(path).isEqualTo(route.summary());
                assertThat(operation.has("requestBody")).as(path).isEqualTo(route.example() != null);
            });
        }
    }

    @Test
    void aGroupThatDoesNotExistIsNotFound() throws Exception {
        assertThat(client.get("/v3/api-docs/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void theMainDescriptionLeavesThemOut() throws Exception {
        JsonNode description = json(client.get("/v3/api-docs"));

        assertThat(description.path("paths").propertyNames())
                .containsExactlyInAnyOrder(
                        "/captions", "/captions/score", "/models", "/models/{name}", "/models/{name}/card");
        assertThat(description.at("/paths/~1captions/post/responses/429").isMissingNode())
                .isFalse();
    }
}
