package io.captioner.compat.ollama;

import io.captioner.caption.Protocol;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.web.ProtocolRoutes;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/** The routes of Ollama's API, and the form of its errors. */
@Component
@ConditionalOnProtocol(Protocol.OLLAMA)
final class OllamaRoutes implements ProtocolRoutes {
    private static final List<Route> ROUTES = List.of(
            Route.of(HttpMethod.GET, "/api/version", "The version of the API", null),
            Route.of(HttpMethod.GET, "/api/tags", "Lists the models", null),
            Route.of(HttpMethod.GET, "/api/ps", "Lists the loaded models", null),
            Route.of(HttpMethod.POST, "/api/show", "Describes a model", "{\"model\": \"captioner\"}"),
            Route.of(HttpMethod.POST, "/api/pull", "Confirms a model that is there", "{\"model\": \"captioner\"}"),
            Route.photos(
                    "/api/generate",
                    "Describes photos, word by word unless stream is false",
                    "{\"model\": \"captioner\", \"prompt\": \"Describe.\", \"images\": [\"…base64…\"], \"stream\": false}"),
            Route.photos(
                    "/api/chat",
                    "Describes the photos of the last message that has some",
                    "{\"model\": \"captioner\", \"messages\": [{\"role\": \"user\", \"content\": \"Describe.\","
                            + " \"images\": [\"…base64…\"]}], \"stream\": false}"));

    @Override
    public Protocol protocol() {
        return Protocol.OLLAMA;
    }

    @Override
    public List<Route> routes() {
        return ROUTES;
    }

    @Override
    public List<String> trees() {
        return List.of("/api/");
    }

    @Override
    public ErrorAnswer error(ProblemDetail problem, HttpServletRequest request) {
        return new ErrorAnswer(problem.getStatus(), Map.of("error", String.valueOf(problem.getDetail())));
    }
}
