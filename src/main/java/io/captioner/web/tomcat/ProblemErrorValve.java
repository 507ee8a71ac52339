package io.captioner.web.tomcat;

import io.captioner.web.ProblemExceptionHandler;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/**
 * The answer to requests that Tomcat refuses by itself, such as those with a path it cannot read: a problem like all
 * others, and no page with its name, its version or a stack trace. Tomcat creates it by its name, so it is public.
 */
public final class ProblemErrorValve extends ErrorReportValve {
    private static final Logger log = LoggerFactory.getLogger(ProblemErrorValve.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        int status = response.getStatus();
        if (status < HttpStatus.BAD_REQUEST.value()
                || response.getContentWritten() > 0
                || !response.setErrorReported()) {
            return;
        }
        if (thrown != null
                && ProblemExceptionHandler.ofStatus(status).getStatus() >= HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            log.error("A bug: no handler caught this exception", thrown);
        }
        try {
            ResponseHeadersValve.set(request, response);
            ProblemWriter.write(ProblemExceptionHandler.ofStatus(status), request, response);
            response.finishResponse();
        } catch (IOException | IllegalStateException tooLate) {
            log.debug("An error could not be reported", tooLate);
        }
    }
}
