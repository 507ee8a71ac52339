package io.captioner.api;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.CaptionService;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.URI;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns photos away at the door when the house is full or closing, before anything of their bodies is read, and before
 * Spring: under a flood a refusal must cost nearly nothing, or the refused take the processor from the accepted. Such a
 * request has its line in the access log and is counted, but it is no observation of an HTTP request.
 */
final class Doorkeeper extends ValveBase {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Supplier<CaptionService> service;
    private final Supplier<AccessLines> lines;
    private final LongSupplier nanoTime;

    /**
     * A valve for all requests of a server, which is made before the service is.
     *
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    Doorkeeper(Supplier<CaptionService> service, Supplier<AccessLines> lines, LongSupplier nanoTime) {
        super(true);
        this.service = service;
        this.lines = lines;
        this.nanoTime = nanoTime;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (isForCaptions(request)) {
            long start = nanoTime.getAsLong();
            try {
                service.get().requireRoom(RequestTimeout.parse(request.getHeader(RequestTimeout.HEADER)));
            } catch (CaptionFailure refused) {
                if (refused.reason() == Reason.OVERLOADED || refused.reason() == Reason.NOT_READY) {
                    refuse(request, response, refused);
                    lines.get().write(request, response.getStatus(), nanoTime.getAsLong() - start);
                    return;
                }
                // What else is wrong with it, the controller says.
            }
        }
        getNext().invoke(request, response);
    }

    private static boolean isForCaptions(Request request) {
        return HttpMethod.POST.matches(request.getMethod())
                && (request.getContextPath() + CaptionController.PATH).equals(request.getDecodedRequestURI());
    }

    private static void refuse(Request request, Response response, CaptionFailure refused) throws IOException {
        ProblemDetail problem = Problems.problem(refused);
        problem.setInstance(URI.create(CaptionController.PATH));
        AccessFacts.of(request).failed(ProblemType.of(refused.reason()).slug());
        byte[] json = JSON.writeValueAsBytes(Problems.members(problem));
        response.setStatus(problem.getStatus());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(json.length);
        String retryAfter = Problems.retryAfter(refused);
        if (retryAfter != null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, retryAfter);
        }
        response.getOutputStream().write(json);
    }
}
