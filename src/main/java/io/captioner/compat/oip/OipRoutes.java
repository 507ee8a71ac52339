package io.captioner.compat.oip;

import io.captioner.caption.Protocol;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.web.ProtocolRoutes;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/** The routes of the Open Inference Protocol, and the form of its errors. */
@Component
@ConditionalOnProtocol(Protocol.OIP)
final class OipRoutes implements ProtocolRoutes {
    static final String MODEL = "/v2/models/{model}";
    static final String VERSION = "/v2/models/{model}/versions/{version}";

    private static final String EXAMPLE =
            "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"…base64…\"]}]}";
    private static final List<Route> ROUTES = List.of(
            get("/v2", "Describes the server"),
            get("/v2/health/live", "Whether the server is live"),
            get("/v2/health/ready", "Whether a model is served"),
            get(MODEL, "Describes a model"),
            get(VERSION, "Describes a version of a model"),
            get(MODEL + "/ready", "Whether a model is served"),
            get(VERSION + "/ready", "Whether a version of a model is served"),
            get(MODEL + "/config", "The configuration of a model, as Triton writes it"),
            get(VERSION + "/config", "The configuration of a version, as Triton writes it"),
            Route.photos(MODEL + "/infer", "Describes photos", EXAMPLE),
            Route.photos(VERSION + "/infer", "Describes photos by a version", EXAMPLE));

    private static Route get(String path, String summary) {
        return Route.of(HttpMethod.GET, path, summary, null);
    }

    @Override
    public Protocol protocol() {
        return Protocol.OIP;
    }

    @Override
    public List<Route> routes() {
        return ROUTES;
    }

    @Override
    public List<String> trees() {
        return List.of("/v2/");
    }

    @Override
    public ErrorAnswer error(ProblemDetail problem, HttpServletRequest request) {
        return new ErrorAnswer(problem.getStatus(), Map.of("error", String.valueOf(problem.getDetail())));
    }
}
