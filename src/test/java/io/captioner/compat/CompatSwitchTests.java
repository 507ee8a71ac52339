package io.captioner.compat;

import static io.captioner.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.ServedTest;
import io.captioner.caption.Protocol;
import io.captioner.compat.ConditionalOnProtocol.OnProtocol;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

@ServedTest
class CompatSwitchTests {
    private final JsonClient client;

    CompatSwitchTests(@Autowired Environment environment) {
        this.client = new JsonClient(environment);
    }

    @Test
    void byDefaultNoRouteOfAnotherProtocolExists() throws Exception {
        for (HttpResponse<String> response : List.of(
                client.get("/api/tags"),
                client.get("/v1/models"),
                client.post("/api/chat", "{}"),
                client.post("/mcp", "{}"),
                client.post("/v1/chat/completions", "{}"))) {
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(json(response).path("type").asString()).isEqualTo("urn:captioner:problem:not-found");
        }
        assertThat(client.get("/").headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(json(client.get("/v3/api-docs")).path("paths").propertyNames())
                .containsExactlyInAnyOrder(
                        "/captions", "/captions/score", "/models", "/models/{name}", "/models/{name}/card");
        assertThat(client.get("/v3/api-docs/ollama").statusCode()).isEqualTo(404);
    }

    @Test
    void byDefaultNoBeanOfSpringAiExists(@Autowired ListableBeanFactory beans) {
        assertThat(beans.getBeanDefinitionNames())
                .allSatisfy(name -> assertThat(String.valueOf(beans.getType(name)))
                        .doesNotContain("org.springframework.ai", "io.modelcontextprotocol", "compat.mcp"));
    }

    @Test
    void aProtocolIsSwitchedOnByItselfOrInTheList() {
        assertThat(isEnabled()).isFalse();
        assertThat(isEnabled("captioner.compat.enabled", "openai,ollama")).isTrue();
        assertThat(isEnabled("captioner.compat.enabled", "openai")).isFalse();
        assertThat(isEnabled("captioner.compat.ollama.enabled", "true")).isTrue();
        assertThat(isEnabled("captioner.compat.enabled", "ollama", "captioner.compat.ollama.enabled", "false"))
                .isFalse();
        assertThatThrownBy(() -> isEnabled("captioner.compat.enabled", "olama")).isInstanceOf(BindException.class);
    }

    private static boolean isEnabled(String... properties) {
        MockEnvironment environment = new MockEnvironment();
        for (int i = 0; i < properties.length; i += 2) {
            environment.setProperty(properties[i], properties[i + 1]);
        }
        return OnProtocol.isEnabled(Protocol.OLLAMA, environment);
    }
}
