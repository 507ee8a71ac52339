package io.captioner.compat.mcp;

import io.captioner.caption.Protocol;
import io.captioner.compat.CompatProperties;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.web.JsonBodies;
import io.captioner.web.ProblemType;
import io.captioner.web.ProtocolRoutes;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.HttpHeaders;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The route of the Model Context Protocol (Streamable HTTP without sessions and streams), which is the transport of
 * Spring AI's server: each request is a message of JSON-RPC, answered as JSON.
 */
@RestController
@ConditionalOnProtocol(Protocol.MCP)
final class McpController implements McpStatelessServerTransport, ProtocolRoutes {
    /** The key of the servlet request in the context of a call. */
    static final String REQUEST = "request";
    /** The attribute of a request with what ends it, instead of the answer of a tool. */
    static final String FAILURE = McpController.class.getName() + ".failure";

    private static final String PATH = "/mcp";
    private static final String ORIGIN = "Origin";
    private static final String VERSION = "2.0";
    private static final String ID = McpController.class.getName() + ".id";
    /** The first code of those that JSON-RPC leaves to servers. */
    private static final int SERVER_ERROR = -32000;
    /** The code by which newer clients fall back to a version that is supported. */
    private static final int UNSUPPORTED_VERSION = -32022;

    private static final List<Route> ROUTES = List.of(Route.photos(
            PATH,
            "A message of JSON-RPC; the tool caption_image describes a photo",
            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\": {\"name\": \"caption_image\","
                    + " \"arguments\": {\"image\": \"…base64…\"}}}"));

    private final JsonBodies bodies;
    private final JsonMapper json;
    private final List<String> origins;
    private volatile @Nullable McpStatelessServerHandler handler;

    McpController(JsonBodies bodies, @Qualifier("mcpServerJsonMapper") JsonMapper json, CompatProperties properties) {
        this.bodies = bodies;
        this.json = json;
        this.origins = properties.mcp().origins();
    }

    @Override
    public void setMcpHandler(McpStatelessServerHandler handler) {
        this.handler = handler;
    }

    /** Requests in flight are ended by the server's own shutdown. */
    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }

    @Override
    public Protocol protocol() {
        return Protocol.MCP;
    }

    @Override
    public List<Route> routes() {
        return ROUTES;
    }

    @PostMapping(PATH)
    ResponseEntity<byte[]> receive(HttpServletRequest request) throws IOException {
        String origin = request.getHeader(ORIGIN);
        if (origin != null && !origins.contains(origin)) {
            return refused(
                    HttpStatus.FORBIDDEN,
                    "The Origin '%s' is not allowed: add it to captioner.compat.mcp.origins.".formatted(origin));
        }
        String version = request.getHeader(HttpHeaders.PROTOCOL_VERSION);
        if (version != null && !protocolVersions().contains(version)) {
            Map<String, Object> error = error(
                    UNSUPPORTED_VERSION,
                    "%s '%s' is not supported: use one of %s."
                            .formatted(HttpHeaders.PROTOCOL_VERSION, version, String.join(", ", protocolVersions())));
            error.put("data", Map.of("requested", version, "supported", protocolVersions()));
            return write(HttpStatus.BAD_REQUEST, message(null, error));
        }
        try (JsonBodies.Received body = bodies.read(request)) {
            return answer(request, body.json());
        }
    }

    private ResponseEntity<byte[]> answer(HttpServletRequest request, JsonNode message) {
        Object id = id(message.path("id"));
        request.setAttribute(ID, id);
        JsonNode method = message.path("method");
        boolean isAnswer = message.has("result") || message.has("error");
        if (!message.path("jsonrpc").asString("").equals(VERSION)
                || (!method.isString() && !isAnswer)
                || (message.has("id") && id == null)) {
            return refused(
                    HttpStatus.BAD_REQUEST,
                    "This is no message of JSON-RPC: it needs jsonrpc \"2.0\", a method, and an id that is a text or a whole number.");
        }
        if (isAnswer || id == null) {
            return ResponseEntity.accepted().build(); // nothing was asked for, and notifications change nothing
        }
        JSONRPCRequest call = new JSONRPCRequest(
                VERSION,
                method.stringValue(),
                id,
                message.path("params").isObject() ? json.convertValue(message.get("params"), Map.class) : Map.of());
        JSONRPCResponse response = respond(request, call);
        if (request.getAttribute(FAILURE) instanceof RuntimeException failure) {
            throw failure;
        }
        return write(HttpStatus.OK, response);
    }

    private JSONRPCResponse respond(HttpServletRequest request, JSONRPCRequest call) {
        McpStatelessServerHandler server = Objects.requireNonNull(handler, "bug: the server sets its handler");
        try {
            JSONRPCResponse response = Objects.requireNonNull(
                    server.handleRequest(McpTransportContext.create(Map.of(REQUEST, request)), call)
                            .block(),
                    "bug: every request has an answer");
            // What the tool itself throws is in FAILURE: the rest comes from reading the parameters.
            return response.error() != null && response.error().code() == ErrorCodes.INTERNAL_ERROR
                    ? unreadable(call)
                    : response;
        } catch (JacksonException mismatched) {
            return unreadable(call);
        } catch (McpError unknown) {
            return error(call, ErrorCodes.METHOD_NOT_FOUND, "There is no method '%s'.".formatted(call.method()));
        }
    }

    private static JSONRPCResponse unreadable(JSONRPCRequest call) {
        return error(
                call,
                ErrorCodes.INVALID_PARAMS,
                "The params of %s cannot be read: compare them with the specification of the Model Context Protocol."
                        .formatted(call.method()));
    }

    private static JSONRPCResponse error(JSONRPCRequest call, int code, String message) {
        return JSONRPCResponse.error(call.id(), new JSONRPCError(code, message));
    }

    /** The id of a message, which is a text or a whole number; null for none. */
    private static @Nullable Object id(JsonNode id) {
        if (id.isString()) {
            return id.stringValue();
        }
        return id.isIntegralNumber() && id.canConvertToLong() ? id.longValue() : null;
    }

    @Override
    public ErrorAnswer error(ProblemDetail problem, HttpServletRequest request) {
        HttpStatusCode status = HttpStatusCode.valueOf(problem.getStatus());
        String slug = String.valueOf(problem.getType()).replaceFirst(".*:", "");
        int code = slug.equals(ProblemType.MALFORMED_REQUEST.slug()) ? ErrorCodes.PARSE_ERROR : SERVER_ERROR;
        Map<String, Object> error = error(code, String.valueOf(problem.getDetail()));
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("type", slug);
        data.put("status", status.value());
        if (request.getAttribute(RETRY_AFTER) instanceof String seconds) {
            data.put("retryAfter", Integer.valueOf(seconds)); // clients do not show headers
        }
        error.put("data", data);
        return new ErrorAnswer(status.value(), message(request.getAttribute(ID), error));
    }

    private ResponseEntity<byte[]> refused(HttpStatus status, String why) {
        return write(status, message(null, error(ErrorCodes.INVALID_REQUEST, why)));
    }

    private static Map<String, Object> error(int code, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        return error;
    }

    private static Map<String, @Nullable Object> message(@Nullable Object id, Map<String, Object> error) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", VERSION);
        message.put("id", id);
        message.put("error", error);
        return message;
    }

    private ResponseEntity<byte[]> write(HttpStatus status, Object message) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .body(json.writeValueAsBytes(message));
    }
}
