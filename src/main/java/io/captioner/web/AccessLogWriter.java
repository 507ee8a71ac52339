package io.captioner.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The access log: one line for each request under the logger {@value #LOGGER}, whatever its outcome, with the fields of
 * {@link AccessLogFields} after those of HTTP. Nothing of a request's content is in it: no query, header, file name or
 * image. Probes and scrapes are left out.
 */
public final class AccessLogWriter {
    static final String LOGGER = "captioner.access";

    private static final Logger log = LoggerFactory.getLogger(LOGGER);
    private static final List<String> UNLOGGED = List.of("/actuator", "/livez", "/readyz");
    private static final int LONGEST_PATH = 200;

    private final boolean structured;

    /** @param structured whether the log shows key-value pairs, so that the message need not */
    AccessLogWriter(boolean structured) {
        this.structured = structured;
    }

    /** Returns whether a request is logged. */
    static boolean isLogged(HttpServletRequest request) {
        String path = path(request);
        return UNLOGGED.stream().noneMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
    }

    /** Writes the line of a request, with the status and the time of its answer. */
    public void write(HttpServletRequest request, int status, long nanos) {
        if (!log.isInfoEnabled() || RehearsalToken.isMarked(request)) {
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("method", request.getMethod());
        fields.put("path", shortened(path(request)));
        fields.put("status", status);
        fields.put("millis", Math.round(nanos / 1e5) / 10.0);
        fields.put("bytesIn", ClientConnection.bytesRead(request));
        fields.put(
                "clientGone", status == ProblemType.CLIENT_GONE.status().value() || ClientConnection.wasGone(request));
        fields.putAll(AccessLogFields.of(request).fields());
        LoggingEventBuilder line = log.atInfo();
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            line = line.addKeyValue(field.getKey(), field.getValue());
        }
        line.log(structured ? request.getMethod() + " " + fields.get("path") + " " + status : text(fields));
    }

    private static String text(Map<String, Object> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + field.getValue())
                .collect(Collectors.joining(" "));
    }

    /** The path as it was sent, still encoded: it holds no blanks and no line ends. */
    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    private static String shortened(String path) {
        return path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH) + "…";
    }
}
