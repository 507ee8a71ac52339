package io.captioner.web.tomcat;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.CaptionService;
import io.captioner.caption.Protocol;
import io.captioner.web.AccessLogFields;
import io.captioner.web.AccessLogWriter;
import io.captioner.web.AccessRefusedException;
import io.captioner.web.ImageUploads;
import io.captioner.web.ProblemExceptionHandler;
import io.captioner.web.ProblemType;
import io.captioner.web.ProtocolRoutes;
import io.captioner.web.Protocols;
import io.captioner.web.RehearsalToken;
import io.captioner.web.RequestAuthorizer;
import io.captioner.web.RequestTimeout;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ProblemDetail;

/**
 * The admission of requests: refuses those that the {@link RequestAuthorizer} refuses, and photos when the service is
 * full or shuts down, before their bodies are read and before Spring. Under a flood a refusal must cost nearly nothing,
 * or refused requests take the processor from accepted ones. A request without a key is refused before capacity is
 * checked, so that it counts in no meter that an autoscaler reads. A refused request has a line in the access log, but
 * no observation.
 */
final class AdmissionValve extends ValveBase {
    private static final Pattern MALFORMED_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private final RehearsalToken rehearsal;
    private final RequestAuthorizer authorizer;
    private final Supplier<CaptionService> service;
    private final Supplier<Protocols> protocols;
    private final Supplier<AccessLogWriter> accessLog;
    private final LongSupplier nanoTime;

    /**
     * A valve for all requests of a server, which is made before the service is.
     *
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    AdmissionValve(
            RehearsalToken rehearsal,
            RequestAuthorizer authorizer,
            Supplier<CaptionService> service,
            Supplier<Protocols> protocols,
            Supplier<AccessLogWriter> accessLog,
            LongSupplier nanoTime) {
        super(true);
        this.rehearsal = rehearsal;
        this.authorizer = authorizer;
        this.service = service;
        this.protocols = protocols;
        this.accessLog = accessLog;
        this.nanoTime = nanoTime;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (response.isErrorReportRequired()) {
            // Tomcat could not read its head. The host answers it, and it never reaches the service.
            getNext().invoke(request, response);
            return;
        }
        long start = nanoTime.getAsLong();
        if (rehearsal.marks(request)) {
            admit(request, response, null, start);
            return;
        }
        ProtocolRoutes routes = protocols.get().of(request);
        if (routes != null) {
            AccessLogFields.of(request).protocol(routes.protocol().tag());
        }
        try (RequestAuthorizer.Grant grant = authorizer.authorize(new Head(request))) {
            AccessLogFields.of(request).caller(grant.caller());
            admit(request, response, routes, start);
        } catch (AccessRefusedException refused) {
            ProblemType type = ProblemType.of(refused.reason());
            if (!refused.challenge().isEmpty()) {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, refused.challenge());
            }
            refuse(
                    request,
                    response,
                    routes,
                    ProblemExceptionHandler.problem(type, refused.detail()),
                    type,
                    retryAfter(refused),
                    start);
        }
    }

    private void admit(Request request, Response response, @Nullable ProtocolRoutes routes, long start)
            throws IOException, ServletException {
        // Tomcat decodes paths without their parameters, of which Spring then expects that they can be decoded.
        if (MALFORMED_ESCAPE.matcher(request.getRequestURI()).find()) {
            ProblemType type = ProblemType.MALFORMED_REQUEST;
            refuse(
                    request,
                    response,
                    routes,
                    ProblemExceptionHandler.problem(type, ProblemExceptionHandler.MALFORMED_QUERY),
                    type,
                    null,
                    start);
            return;
        }
        if (takesPhotos(request, routes)) {
            Protocol protocol = routes == null ? Protocol.CAPTIONER : routes.protocol();
            try {
                service.get().requireRoom(protocol, RequestTimeout.parse(request.getHeader(RequestTimeout.HEADER)));
            } catch (CaptionFailure refused) {
                if (refused.reason() == Reason.OVERLOADED || refused.reason() == Reason.NOT_READY) {
                    ProblemType type = ProblemType.of(refused.reason());
                    refuse(
                            request,
                            response,
                            routes,
                            ProblemExceptionHandler.problem(refused),
                            type,
                            ProblemExceptionHandler.retryAfter(refused),
                            start);
                    return;
                }
                // The controller reports other failures.
            }
        }
        getNext().invoke(request, response);
    }

    private static boolean takesPhotos(Request request, @Nullable ProtocolRoutes routes) {
        if (routes != null) {
            return routes.takesPhotos(request.getMethod(), Protocols.path(request));
        }
        String path = String.valueOf(request.getDecodedRequestURI());
        return HttpMethod.POST.matches(request.getMethod())
                && (path.equals(request.getContextPath() + ImageUploads.PATH)
                        || path.equals(request.getContextPath() + ImageUploads.SCORE_PATH));
    }

    private void refuse(
            Request request,
            Response response,
            @Nullable ProtocolRoutes routes,
            ProblemDetail problem,
            ProblemType type,
            @Nullable String retryAfter,
            long start)
            throws IOException {
        AccessLogFields.of(request).failed(type.slug());
        if (retryAfter != null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, retryAfter);
        }
        if (routes == null) {
            ProblemWriter.write(problem, request, response);
        } else {
            ProblemWriter.write(routes.error(problem, request), response);
        }
        accessLog.get().write(request, response.getStatus(), nanoTime.getAsLong() - start);
    }

    private static @Nullable String retryAfter(AccessRefusedException refused) {
        return refused.retryAfter() == null ? null : ProblemExceptionHandler.retryAfter(refused.retryAfter());
    }

    private record Head(Request request) implements RequestAuthorizer.RequestHead {
        @Override
        public String method() {
            return request.getMethod();
        }

        @Override
        public String path() {
            return request.getRequestURI().substring(request.getContextPath().length());
        }

        @Override
        public List<String> headers(String name) {
            return Collections.list(request.getHeaders(name));
        }
    }
}
