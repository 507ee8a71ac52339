package io.captioner.compat.openai;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.Protocol;
import io.captioner.compat.AnswerFormat;
import io.captioner.compat.CompatClock;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.compat.ModelNames;
import io.captioner.compat.ModelNames.Served;
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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** OpenAI's lists of models and chat completions. */
@RestController
@ConditionalOnProtocol(Protocol.OPENAI)
final class ChatController {
    private static final String OWNER = "captioner";
    private static final int FINGERPRINT = 12;

    private final Generation generation;
    private final ModelNames names;
    private final JsonBodies bodies;
    private final CompatClock clock;

    ChatController(Generation generation, ModelNames names, JsonBodies bodies, CompatClock clock) {
        this.generation = generation;
        this.names = names;
        this.bodies = bodies;
        this.clock = clock;
    }

    @GetMapping("/v1/models")
    ResponseEntity<byte[]> models() {
        return Replies.json(Map.of(
                "object",
                "list",
                "data",
                names.served(List.of()).stream().map(this::model).toList()));
    }

    @GetMapping("/v1/models/{name}")
    ResponseEntity<byte[]> model(@PathVariable("name") String name) {
        return names.served(List.of()).stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .map(model -> Replies.json(model(model)))
                .orElseThrow(() -> CaptionFailure.of(
                        Reason.UNKNOWN_MODEL,
                        "model '%s' not found: see GET /v1/models for the names".formatted(name)));
    }

    @PostMapping("/v1/chat/completions")
    ResponseEntity<byte[]> complete(HttpServletRequest request) throws IOException {
        try (JsonBodies.Received body = bodies.read(request)) {
            JsonNode json = body.json();
            Generated generated = generation.generate(
                    request,
                    json,
                    json.path("messages"),
                    format(json.path("response_format")),
                    json.path("n").asInt(1),
                    maxWords(json),
                    top(json));
            return json.path("stream").asBoolean(false) ? streamed(json, generated) : whole(json, generated);
        }
    }

    private Map<String, Object> model(Served model) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", model.name());
        entry.put("object", "model");
        entry.put("created", clock.started().getEpochSecond());
        entry.put("owned_by", OWNER);
        return entry;
    }

    private ResponseEntity<byte[]> whole(JsonNode json, Generated generated) {
        Map<String, @Nullable Object> answer = begin("chat.completion", generated);
        List<Choice> choices = generated.choices();
        answer.put(
                "choices",
                IntStream.range(0, choices.size())
                        .mapToObj(index -> choice(json, index, choices.get(index), generated))
                        .toList());
        answer.put("usage", usage(generated));
        if (generated.answer() != null) {
            answer.put("captioner", Replies.details(generated.answer()));
        }
        return Replies.json(answer);
    }

    private static Map<String, @Nullable Object> choice(JsonNode json, int index, Choice choice, Generated generated) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("role", "assistant");
        message.put("content", choice.text());
        message.put("refusal", null);
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("index", index);
        entry.put("message", message);
        entry.put("logprobs", wantsLogprobs(json) ? logprobs(generated.logprobs(choice, top(json))) : null);
        entry.put("finish_reason", finish(choice));
        return entry;
    }

    private ResponseEntity<byte[]> streamed(JsonNode json, Generated generated) {
        ServerSentEvents events = new ServerSentEvents();
        Map<String, @Nullable Object> chunk = begin("chat.completion.chunk", generated);
        for (int index = 0; index < generated.choices().size(); index++) {
            Choice choice = generated.choices().get(index);
            List<Map<String, Object>> logprobs =
                    wantsLogprobs(json) ? generated.logprobs(choice, top(json)) : List.of();
            List<String> pieces = Replies.pieces(choice.text());
            for (int i = 0; i < pieces.size(); i++) {
                Map<String, Object> delta = new LinkedHashMap<>();
                if (i == 0) {
                    delta.put("role", "assistant");
                }
                delta.put("content", pieces.get(i));
                Map<String, @Nullable Object> entry = delta(index, delta, null);
                entry.put("logprobs", i < logprobs.size() ? logprobs(List.of(logprobs.get(i))) : null);
                events.data(with(chunk, List.of(entry)));
            }
            events.data(with(chunk, List.of(delta(index, Map.of(), finish(choice)))));
        }
        if (json.path("stream_options").path("include_usage").asBoolean(false)) {
            Map<String, @Nullable Object> last = with(chunk, List.of());
            last.put("usage", usage(generated));
            events.data(last);
        }
        events.done();
        return events.answer();
    }

    private static Map<String, @Nullable Object> delta(int index, Map<String, Object> delta, @Nullable String finish) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("index", index);
        entry.put("delta", delta);
        entry.put("finish_reason", finish);
        return entry;
    }

    private static Map<String, @Nullable Object> with(Map<String, @Nullable Object> chunk, List<?> choices) {
        Map<String, @Nullable Object> whole = new LinkedHashMap<>(chunk);
        whole.put("choices", choices);
        return whole;
    }

    private Map<String, @Nullable Object> begin(String object, Generated generated) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("id", "chatcmpl-" + UUID.randomUUID());
        answer.put("object", object);
        answer.put("created", clock.now().getEpochSecond());
        answer.put("model", generated.model());
        answer.put("system_fingerprint", fingerprint(generated));
        return answer;
    }

    private static @Nullable String fingerprint(Generated generated) {
        if (generated.answer() == null || generated.answer().model() == null) {
            return null;
        }
        String bundle = generated.answer().model().bundleSha256();
        return bundle.substring(0, Math.min(bundle.length(), FINGERPRINT));
    }

    private static Map<String, Object> usage(Generated generated) {
        Map<String, Object> usage = new LinkedHashMap<>();
        usage.put("prompt_tokens", generated.pictures());
        usage.put("completion_tokens", generated.words());
        usage.put("total_tokens", generated.pictures() + generated.words());
        return usage;
    }

    private static Map<String, @Nullable Object> logprobs(List<Map<String, Object>> tokens) {
        Map<String, @Nullable Object> logprobs = new LinkedHashMap<>();
        logprobs.put("content", tokens);
        logprobs.put("refusal", null);
        return logprobs;
    }

    private static boolean wantsLogprobs(JsonNode json) {
        return json.path("logprobs").asBoolean(false);
    }

    private static int top(JsonNode json) {
        return wantsLogprobs(json) ? json.path("top_logprobs").asInt(0) : 0;
    }

    private static String finish(Choice choice) {
        return choice.cut() ? "length" : "stop";
    }

    private static @Nullable Integer maxWords(JsonNode json) {
        JsonNode most = json.path("max_completion_tokens").isNumber()
                ? json.path("max_completion_tokens")
                : json.path("max_tokens");
        return most.isNumber() ? (Integer) most.asInt(0) : null;
    }

    private static AnswerFormat format(JsonNode format) {
        return switch (format.path("type").asString("text")) {
            case "json_object" -> AnswerFormat.json();
            case "json_schema" -> AnswerFormat.of(format.path("json_schema").path("schema"));
            default -> AnswerFormat.PLAIN;
        };
    }
}
