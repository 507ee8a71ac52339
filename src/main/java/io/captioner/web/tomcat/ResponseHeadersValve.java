package io.captioner.web.tomcat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Map;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Sets the security headers of every answer: no script but those of pages that need one, no frame, no guess at a type,
 * no cached copy. There is no CORS header, so pages of other origins cannot read an answer.
 */
final class ResponseHeadersValve extends ValveBase {
    private static final String POLICY = "Content-Security-Policy";
    private static final String NOTHING =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    /** Swagger UI draws with inline styles and with pictures that are data. */
    private static final String SWAGGER_UI =
            NOTHING + "; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
                    + " connect-src 'self'";

    /** The pages build no markup of texts, which trusted types enforce, and name their base. */
    private static final String PAGE =
            "default-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'; script-src 'self';"
                    + " style-src 'self'; img-src 'self' blob:; connect-src 'self';"
                    + " require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Map<String, String> PAGES =
            Map.of("/swagger-ui/", SWAGGER_UI, "/page/", PAGE, "/archive/", PAGE);
    private static final Map<String, String> ALWAYS = Map.of(
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(self), microphone=(), geolocation=()",
            HttpHeaders.CACHE_CONTROL,
            "no-store");

    ResponseHeadersValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        set(request, response);
        getNext().invoke(request, response);
    }

    static void set(Request request, Response response) {
        ALWAYS.forEach(response::setHeader);
        response.setHeader(POLICY, policy(request.getDecodedRequestURI(), request.getContextPath()));
    }

    private static String policy(@Nullable String path, String contextPath) {
        if (path == null || path.equals(contextPath + "/")) {
            return path == null ? NOTHING : PAGE;
        }
        return PAGES.entrySet().stream()
                .filter(page -> path.startsWith(contextPath + page.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(NOTHING);
    }
}
