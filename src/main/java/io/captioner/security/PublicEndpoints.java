package io.captioner.security;

import io.captioner.web.RequestAuthorizer.RequestHead;
import java.util.List;
import java.util.Set;

/**
 * The endpoints that need no key: probes, for which a kubelet has none, and the description of the service, which
 * reveals nothing beyond the source code. Every other path needs a key, also paths that do not exist.
 */
final class PublicEndpoints {
    private static final Set<String> METHODS = Set.of("GET", "HEAD");
    private static final Set<String> PATHS =
            Set.of("/", "/livez", "/readyz", "/swagger-ui.html", "/v3/api-docs", "/v3/api-docs.yaml");
    private static final List<String> TREES = List.of("/swagger-ui/", "/v3/api-docs/");

    /** Two parsers may read a path with one of these in two ways. */
    private static final List<String> AMBIGUOUS = List.of("%", ";", "..", "//", "/./", "\\");

    private PublicEndpoints() {}

    static boolean contain(RequestHead head) {
        String path = head.path();
        return METHODS.contains(head.method())
                && (PATHS.contains(path) || TREES.stream().anyMatch(path::startsWith))
                && AMBIGUOUS.stream().noneMatch(path::contains);
    }
}
