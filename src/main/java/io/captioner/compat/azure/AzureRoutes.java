package io.captioner.compat.azure;

import io.captioner.caption.Protocol;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.web.ProblemType;
import io.captioner.web.ProtocolRoutes;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/** The routes of Azure's Image Analysis, and the form of its errors. */
@Component
@ConditionalOnProtocol(Protocol.AZURE)
final class AzureRoutes implements ProtocolRoutes {
    static final String ANALYZE_4 = "/computervision/imageanalysis:analyze";
    static final String ANALYZE_3 = "/vision/v3.2/analyze";
    static final String DESCRIBE_3 = "/vision/v3.2/describe";

    private static final String EXAMPLE = "{\"url\": \"https://…/photo.jpg\"}";
    private static final List<Route> ROUTES = List.of(
            Route.photos(ANALYZE_4, "Image Analysis 4.0, features=caption: bytes, or a URL in JSON", EXAMPLE),
            Route.photos(
                    ANALYZE_3, "Computer Vision 3.2, visualFeatures=Description: bytes, or a URL in JSON", EXAMPLE),
            Route.photos(DESCRIBE_3, "Computer Vision 3.2: bytes, or a URL in JSON", EXAMPLE));

    @Override
    public Protocol protocol() {
        return Protocol.AZURE;
    }

    @Override
    public List<Route> routes() {
        return ROUTES;
    }

    @Override
    public List<String> trees() {
        return List.of("/computervision/", "/vision/");
    }

    @Override
    public ErrorAnswer error(ProblemDetail problem, HttpServletRequest request) {
        String message = String.valueOf(problem.getDetail());
        String slug = String.valueOf(problem.getType()).replaceFirst(".*:", "");
        int status = problem.getStatus();
        String inner = inner(slug, problem);
        Map<String, Object> error = new LinkedHashMap<>();
        if (inner == null) {
            error.put("code", outer(status));
            error.put("message", message);
            return new ErrorAnswer(status, Map.of("error", error));
        }
        error.put("code", "InvalidRequest");
        error.put("message", message);
        error.put("innererror", Map.of("code", inner, "message", message));
        return new ErrorAnswer(HttpStatus.BAD_REQUEST.value(), Map.of("error", error));
    }

    private static String outer(int status) {
        return switch (status) {
            case 401 -> "401";
            case 404 -> "404";
            case 429 -> "429";
            default -> status < HttpStatus.INTERNAL_SERVER_ERROR.value() ? "InvalidRequest" : "InternalServerError";
        };
    }

    private static @Nullable String inner(String slug, ProblemDetail problem) {
        if (slug.equals(ProblemType.NOT_AN_IMAGE.slug()) || slug.equals(ProblemType.UNREADABLE_IMAGE.slug())) {
            return "InvalidImageFormat";
        }
        if (slug.equals(ProblemType.TOO_MANY_BYTES.slug()) || slug.equals(ProblemType.TOO_MANY_PIXELS.slug())) {
            return "InvalidImageSize";
        }
        Map<String, Object> properties = problem.getProperties();
        Object parameter = properties == null ? null : properties.get("parameter");
        if ("url".equals(parameter)) {
            return "InvalidImageUrl";
        }
        return "features".equals(parameter) ? "NotSupportedVisualFeature" : null;
    }
}
