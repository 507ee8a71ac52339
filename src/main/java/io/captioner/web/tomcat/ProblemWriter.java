package io.captioner.web.tomcat;

import io.captioner.web.ProblemExceptionHandler;
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
        byte[] json = JSON.writeValueAsBytes(ProblemExceptionHandler.members(problem));
        response.setStatus(problem.getStatus());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
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
