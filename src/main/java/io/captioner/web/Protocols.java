package io.captioner.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The protocols of other programs that are switched on. */
@Component
@Profile("!training")
public final class Protocols {
    private final List<ProtocolRoutes> all;

    Protocols(ObjectProvider<ProtocolRoutes> all) {
        this.all = all.orderedStream().toList();
    }

    /** Returns all protocols. */
    public List<ProtocolRoutes> all() {
        return all;
    }

    /** Returns the protocol that the path of a request belongs to; null for the service's own. */
    public @Nullable ProtocolRoutes of(HttpServletRequest request) {
        if (all.isEmpty()) {
            return null;
        }
        String path = path(request);
        for (ProtocolRoutes routes : all) {
            if (routes.hasRoute(path)) {
                return routes;
            }
        }
        return all.stream()
                .filter(routes -> routes.trees().stream().anyMatch(path::startsWith))
                .findFirst()
                .orElse(null);
    }

    /** Returns the path of a request below the context path, as it was sent. */
    public static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }
}
