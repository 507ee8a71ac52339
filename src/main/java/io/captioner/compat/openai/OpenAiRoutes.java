package io.captioner.compat.openai;

import io.captioner.caption.Protocol;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.web.ProtocolRoutes;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/** The routes of OpenAI's API, and the form of its errors. */
@Component
@ConditionalOnProtocol(Protocol.OPENAI)
final class OpenAiRoutes implements ProtocolRoutes {
    private static final List<Route> ROUTES = List.of(
            Route.of(HttpMethod.GET, "/v1/models", "Lists the models", null),
            Route.of(HttpMethod.GET, "/v1/models/{name}", "Describes a model", null),
            Route.photos(
                    "/v1/chat/completions",
                    "Describes the photos of the last message that has some",
                    "{\"model\": \"captioner\", \"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\","
                            + " \"image_url\": {\"url\": \"data:image/jpeg;base64,…\"}}]}]}"),
            Route.photos(
                    "/v1/responses",
                    "Describes the photos of the last input that has some",
                    "{\"model\": \"captioner\", \"input\": [{\"role\": \"user\", \"content\": [{\"type\": \"input_image\","
                            + " \"image_url\": \"data:image/jpeg;base64,…\"}]}]}"));

    @Override
    public Protocol protocol() {
        return Protocol.OPENAI;
    }

    @Override
    public List<Route> routes() {
        return ROUTES;
    }

    @Override
    public List<String> trees() {
        return List.of("/v1/");
    }

    @Override
    public ErrorAnswer error(ProblemDetail problem, HttpServletRequest request) {
        int status = problem.getStatus();
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("message", problem.getDetail());
        error.put("type", type(status));
        Map<String, Object> properties = problem.getProperties();
        error.put("param", properties == null ? null : properties.get("parameter"));
        error.put("code", code(problem.getType(), status));
        return new ErrorAnswer(status, Map.of("error", error));
    }

    private static String type(int status) {
        if (status == HttpStatus.NOT_FOUND.value()) {
            return "not_found_error";
        }
        if (status == HttpStatus.TOO_MANY_REQUESTS.value()) {
            return "rate_limit_error";
        }
        return status < HttpStatus.INTERNAL_SERVER_ERROR.value() ? "invalid_request_error" : "api_error";
    }

    private static String code(@Nullable URI type, int status) {
        if (status == HttpStatus.UNAUTHORIZED.value()) {
            return "invalid_api_key";
        }
        String slug = String.valueOf(type).replaceFirst(".*:", "");
        return slug.equals("unknown-model") ? "model_not_found" : slug.replace('-', '_');
    }
}
