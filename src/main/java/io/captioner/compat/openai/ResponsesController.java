package io.captioner.compat.openai;

import io.captioner.caption.Protocol;
import io.captioner.compat.AnswerFormat;
import io.captioner.compat.CompatClock;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.compat.Replies;
import io.captioner.compat.openai.Generation.Choice;
import io.captioner.compat.openai.Generation.Generated;
import io.captioner.web.JsonBodies;
import io.captioner.web.ServerSentEvents;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** OpenAI's responses. They are not kept, so none can be fetched or continued. */
@RestController
@ConditionalOnProtocol(Protocol.OPENAI)
final class ResponsesController {
    private final Generation generation;
    private final JsonBodies bodies;
    private final CompatClock clock;

    ResponsesController(Generation generation, JsonBodies bodies, CompatClock clock) {
        this.generation = generation;
        this.bodies = bodies;
        this.clock = clock;
    }

    @PostMapping("/v1/responses")
    ResponseEntity<byte[]> respond(HttpServletRequest request) throws IOException {
        try (JsonBodies.Received body = bodies.read(request)) {
            JsonNode json = body.json();
            JsonNode most = json.path("max_output_tokens");
            Generated generated = generation.generate(
                    request,
                    json,
                    json.path("input"),
                    format(json.path("text").path("format")),
                    1,
                    most.isNumber() ? (Integer) most.asInt(0) : null);
            Map<String, @Nullable Object> response = begin(json, generated);
            Map<String, Object> message = message(
                    "msg_" + UUID.randomUUID(), json, generated.choices().get(0));
            return json.path("stream").asBoolean(false)
                    ? streamed(response, message, generated)
                    : Replies.json(completed(response, message, generated));
        }
    }

    private Map<String, @Nullable Object> begin(JsonNode json, Generated generated) {
        Map<String, @Nullable Object> response = new LinkedHashMap<>();
        response.put("id", "resp_" + UUID.randomUUID());
        response.put("object", "response");
        response.put("created_at", clock.now().getEpochSecond());
        response.put("status", "in_progress");
        response.put("error", null);
        response.put("incomplete_details", null);
        response.put("instructions", null);
        response.put("max_output_tokens", null);
        response.put("model", generated.model());
        response.put("output", List.of());
        response.put("parallel_tool_calls", false);
        response.put("previous_response_id", null);
        response.put("store", false);
        response.put("temperature", null);
        response.put("text", json.has("text") ? json.get("text") : Map.of("format", Map.of("type", "text")));
        response.put("tool_choice", "none");
        response.put("tools", List.of());
        response.put("top_p", null);
        response.put("usage", null);
        response.put("metadata", json.path("metadata").isObject() ? json.get("metadata") : Map.of());
        return response;
    }

    private static Map<String, @Nullable Object> completed(
            Map<String, @Nullable Object> response, Map<String, Object> message, Generated generated) {
        Map<String, @Nullable Object> completed = new LinkedHashMap<>(response);
        boolean cut = generated.choices().get(0).cut();
        completed.put("status", cut ? "incomplete" : "completed");
        if (cut) {
            completed.put("incomplete_details", Map.of("reason", "max_output_tokens"));
        }
        completed.put("output", List.of(message));
        completed.put("usage", usage(generated));
        if (generated.answer() != null) {
            completed.put("captioner", Replies.details(generated.answer()));
        }
        return completed;
    }

    private static Map<String, Object> message(String id, JsonNode json, Choice choice) {
        boolean logprobs = json.path("include")
                .valueStream()
                .anyMatch(name -> name.asString("").endsWith("logprobs"));
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", id);
        message.put("type", "message");
        message.put("status", "completed");
        message.put("role", "assistant");
        message.put(
                "content", List.of(part(choice.text(), logprobs ? Replies.logprobs(choice.sentences()) : List.of())));
        return message;
    }

    private static Map<String, Object> part(String text, List<Map<String, Object>> logprobs) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("type", "output_text");
        part.put("text", text);
        part.put("annotations", List.of());
        part.put("logprobs", logprobs);
        return part;
    }

    private static Map<String, Object> usage(Generated generated) {
        Map<String, Object> usage = new LinkedHashMap<>();
        usage.put("input_tokens", generated.pictures());
        usage.put("input_tokens_details", Map.of("cached_tokens", 0));
        usage.put("output_tokens", generated.words());
        usage.put("output_tokens_details", Map.of("reasoning_tokens", 0));
        usage.put("total_tokens", generated.pictures() + generated.words());
        return usage;
    }

    private static ResponseEntity<byte[]> streamed(
            Map<String, @Nullable Object> response, Map<String, Object> message, Generated generated) {
        String text = generated.choices().get(0).text();
        Object id = message.get("id");
        Map<String, Object> opened = new LinkedHashMap<>(message);
        opened.put("status", "in_progress");
        opened.put("content", List.of());
        Stream stream = new Stream();
        stream.event("response.created", Map.of("response", response));
        stream.event("response.in_progress", Map.of("response", response));
        stream.event("response.output_item.added", Map.of("output_index", 0, "item", opened));
        stream.event("response.content_part.added", inPart(id, "part", part("", List.of())));
        for (String piece : Replies.pieces(text)) {
            Map<String, @Nullable Object> delta = inPart(id, "delta", piece);
            delta.put("logprobs", List.of());
            stream.event("response.output_text.delta", delta);
        }
        Map<String, @Nullable Object> done = inPart(id, "text", text);
        done.put("logprobs", List.of());
        stream.event("response.output_text.done", done);
        stream.event("response.content_part.done", inPart(id, "part", part(text, List.of())));
        stream.event("response.output_item.done", Map.of("output_index", 0, "item", message));
        Map<String, @Nullable Object> completed = completed(response, message, generated);
        stream.event("response." + completed.get("status"), Map.of("response", completed));
        return stream.events.answer();
    }

    private static Map<String, @Nullable Object> inPart(@Nullable Object item, String name, Object value) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("item_id", item);
        event.put("output_index", 0);
        event.put("content_index", 0);
        event.put(name, value);
        return event;
    }

    private static AnswerFormat format(JsonNode format) {
        return switch (format.path("type").asString("text")) {
            case "json_object" -> AnswerFormat.json();
            case "json_schema" -> AnswerFormat.of(format.path("schema"));
            default -> AnswerFormat.PLAIN;
        };
    }

    /** Numbered events, each with its name in its data too. For one thread. */
    private static final class Stream {
        final ServerSentEvents events = new ServerSentEvents();
        private int number;

        void event(String name, Map<String, ? extends @Nullable Object> members) {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("type", name);
            data.put("sequence_number", number++);
            data.putAll(members);
            events.event(name, data);
        }
    }
}
