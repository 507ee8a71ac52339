package io.captioner.web.tomcat;

import io.captioner.web.ProblemExceptionHandler;
import io.captioner.web.ProtocolRoutes.ErrorAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems in the valves of Tomcat, which run before Spring. */
final class ProblemWriter {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ProblemWriter() {}

    /** Writes a problem as the whole answer to a request. */
    static void write(ProblemDetail problem, Request request, Response response) throws IOException {
        problem.setInstance(instance(request));
        write(
                problem.getStatus(),
                MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                ProblemExceptionHandler.members(problem),
                response);
    }

    /** Writes the form that a protocol gives a problem as the whole answer to a request. */
    static void write(ErrorAnswer answer, Response response) throws IOException {
        write(answer.status(), MediaType.APPLICATION_JSON_VALUE, answer.body(), response);
    }

    private static void write(int status, String type, Object body, Response response) throws IOException {
        byte[] json = JSON.writeValueAsBytes(body);
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }

    /** The path of a request as its client sees it; null if it has none that is a URI. */
    private static @Nullable URI instance(Request request) {
        String path = request.getRequestURI();
        if (path == null) {
            return null;
        }
        String prefix = ForwardedHeadersValve.prefix(request);
        try {
            // The prefix of a proxy replaces the context path.
            return new URI(
                    prefix.isEmpty()
                            ? path
                            : prefix + path.substring(request.getContextPath().length()));
        } catch (URISyntaxException unreadable) {
            return null;
        }
    }
}
