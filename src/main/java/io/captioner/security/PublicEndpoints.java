package io.captioner.security;

import io.captioner.web.RequestAuthorizer.Visitor;
import java.util.List;
import java.util.Set;

/**
 * What may be read without a key: probes, for which a kubelet has none, and the description of the service, which holds
 * nothing that the source does not tell. Everything else needs a key, also what will be added one day.
 */
final class PublicEndpoints {
    private static final Set<String> METHODS = Set.of("GET", "HEAD");
    private static final Set<String> PATHS =
            Set.of("/", "/livez", "/readyz", "/swagger-ui.html", "/v3/api-docs", "/v3/api-docs.yaml");
    private static final List<String> TREES = List.of("/swagger-ui/", "/v3/api-docs/");

    /** With these, what one server takes for an open path may be another one to whoever answers it. */
    private static final List<String> AMBIGUOUS = List.of("%", ";", "..", "//", "/./", "\\");

    private PublicEndpoints() {}

    static boolean contain(Visitor visitor) {
        String path = visitor.path();
        return METHODS.contains(visitor.method())
                && (PATHS.contains(path) || TREES.stream().anyMatch(path::startsWith))
                && AMBIGUOUS.stream().noneMatch(path::contains);
    }
}
