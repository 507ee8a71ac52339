package io.captioner.web;

import io.captioner.caption.Protocol;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The routes of a protocol of other programs: which paths belong to it, which of them take photos and so need
 * admission, and how its errors are written. Called by many threads at once.
 */
public interface ProtocolRoutes {
    /** The attribute of a request with the header Retry-After of its error, for forms that say it in the body too. */
    String RETRY_AFTER = ProtocolRoutes.class.getName() + ".retryAfter";

    Protocol protocol();

    /** Returns all routes. */
    List<Route> routes();

    /** Returns the beginnings of all other paths whose errors have this protocol's form. */
    default List<String> trees() {
        return List.of();
    }

    /** Returns the protocol's own form of a problem. */
    ErrorAnswer error(ProblemDetail problem, HttpServletRequest request);

    /**
     * The protocol's own form of a problem.
     *
     * @param body written as JSON
     */
    record ErrorAnswer(int status, Object body) {}

    /**
     * One route.
     *
     * @param takesPhotos whether a request may carry photos
     * @param summary what it does, in one sentence
     * @param example the JSON of a request, null if it has no body of JSON
     */
    record Route(
            HttpMethod method,
            PathPattern path,
            boolean takesPhotos,
            String summary,
            @Nullable String example) {
        /** Returns a route that takes photos. */
        public static Route photos(String path, String summary, @Nullable String example) {
            return new Route(HttpMethod.POST, parse(path), true, summary, example);
        }

        /** Returns a route without photos. */
        public static Route of(HttpMethod method, String path, String summary, @Nullable String example) {
            return new Route(method, parse(path), false, summary, example);
        }

        private static PathPattern parse(String path) {
            return PathPatternParser.defaultInstance.parse(path);
        }

        boolean hasPath(String other) {
            try {
                return path.matches(PathContainer.parsePath(other));
            } catch (IllegalArgumentException malformed) {
                return false;
            }
        }
    }

    /** Returns whether a path below the context path is one of the routes. */
    default boolean hasRoute(String path) {
        return routes().stream().anyMatch(route -> route.hasPath(path));
    }

    /** Returns whether a request may carry photos. */
    default boolean takesPhotos(String method, String path) {
        return routes().stream()
                .anyMatch(route -> route.takesPhotos() && route.method().matches(method) && route.hasPath(path));
    }
}
