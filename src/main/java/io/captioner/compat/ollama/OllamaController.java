package io.captioner.compat.ollama;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageUpload;
import io.captioner.caption.Protocol;
import io.captioner.compat.AnswerFormat;
import io.captioner.compat.CompatCaptions;
import io.captioner.compat.CompatCaptions.Answer;
import io.captioner.compat.CompatCaptions.Wish;
import io.captioner.compat.CompatClock;
import io.captioner.compat.CompatProperties;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.compat.Description;
import io.captioner.compat.Description.Sentence;
import io.captioner.compat.EmbeddedImages;
import io.captioner.compat.ModelNames;
import io.captioner.compat.ModelNames.Served;
import io.captioner.compat.Replies;
import io.captioner.compat.Sampling;
import io.captioner.model.DecodeRequest;
import io.captioner.web.JsonBodies;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Ollama's API (api/types.go and server/routes.go of Ollama 0.12). Bodies are read as trees: real clients send an array
 * where a text belongs, and members that they do not mean.
 */
@RestController
@ConditionalOnProtocol(Protocol.OLLAMA)
final class OllamaController {
    /** The version of Ollama whose API this is. */
    private static final String VERSION = "0.12.0";

    private final CompatCaptions captions;
    private final ModelNames names;
    private final EmbeddedImages images;
    private final JsonBodies bodies;
    private final CompatClock clock;
    private final List<String> aliases;
    private final OllamaModels models;

    OllamaController(
            CompatCaptions captions,
            ModelNames names,
            EmbeddedImages images,
            JsonBodies bodies,
            CompatClock clock,
            CompatProperties properties) {
        this.captions = captions;
        this.names = names;
        this.images = images;
        this.bodies = bodies;
        this.clock = clock;
        this.aliases = properties.ollama().aliases();
        this.models = new OllamaModels(clock);
    }

    @GetMapping("/api/version")
    ResponseEntity<byte[]> version() {
        return Replies.json(Map.of("version", VERSION));
    }

    @GetMapping("/api/tags")
    ResponseEntity<byte[]> tags() {
        return Replies.json(Map.of(
                "models", names.served(aliases).stream().map(models::listed).toList()));
    }

    @GetMapping("/api/ps")
    ResponseEntity<byte[]> running() {
        return Replies.json(Map.of(
                "models", names.served(aliases).stream().map(models::running).toList()));
    }

    @PostMapping("/api/show")
    ResponseEntity<byte[]> show(HttpServletRequest request) throws IOException {
        try (JsonBodies.Received body = bodies.read(request)) {
            return Replies.json(models.shown(served(name(body.json()))));
        }
    }

    /** Nothing is fetched: the models are those that the operator has put there. */
    @PostMapping("/api/pull")
    ResponseEntity<byte[]> pull(HttpServletRequest request) throws IOException {
        try (JsonBodies.Received body = bodies.read(request)) {
            Served known = served(name(body.json()));
            Map<String, String> success = Map.of("status", "success");
            return isStreamed(body.json())
                    ? Replies.lines(List.of(
                            Map.of("status", "verifying " + known.status().bundleSha256()), success))
                    : Replies.json(success);
        }
    }

    @PostMapping("/api/generate")
    ResponseEntity<byte[]> generate(HttpServletRequest request) throws IOException {
        try (JsonBodies.Received body = bodies.read(request)) {
            JsonNode json = body.json();
            boolean blank = json.path("prompt").asString("").isBlank();
            return answer(request, json, json.path("images"), blank, text -> Map.of("response", text));
        }
    }

    @PostMapping("/api/chat")
    ResponseEntity<byte[]> chat(HttpServletRequest request) throws IOException {
        try (JsonBodies.Received body = bodies.read(request)) {
            JsonNode json = body.json();
            JsonNode messages = json.path("messages");
            return answer(
                    request,
                    json,
                    pictures(json),
                    messages.isEmpty(),
                    text -> Map.of("message", Map.of("role", "assistant", "content", text)));
        }
    }

    /** The pictures of the last message that has some; some clients put them beside the messages. */
    private static JsonNode pictures(JsonNode json) {
        JsonNode found = json.path("images");
        for (JsonNode message : json.path("messages")) {
            JsonNode own = message.path("images");
            found = own.isEmpty() ? found : own;
        }
        return found;
    }

    private ResponseEntity<byte[]> answer(
            HttpServletRequest request, JsonNode json, JsonNode pictures, boolean promptless, Text text) {
        long start = clock.nanoTime().getAsLong();
        String name = name(json);
        String bundle = names.bundle(name, aliases);
        AnswerFormat format = format(json.path("format"));
        List<ImageUpload> uploads = uploads(pictures);
        if (uploads.isEmpty()) {
            // A request without a prompt asks Ollama to load the model.
            String reason = promptless ? "load" : "stop";
            String sentence = promptless ? "" : format.write(Replies.NO_PICTURE);
            return write(json, name, sentence, text, end(start, reason, null, 0), null);
        }
        JsonNode options = json.path("options");
        Integer maxWords = options.path("num_predict").isNumber()
                ? (Integer) options.path("num_predict").asInt(0)
                : null;
        DecodeRequest decoding = Sampling.of(1, maxWords, options);
        if (top(json) > 0) {
            decoding = Sampling.withRunnersUp(decoding, names.beamWidth(bundle));
        }
        Answer answer = captions.describe(request, Protocol.OLLAMA, new Wish(uploads, decoding, bundle));
        List<Sentence> sentences =
                answer.descriptions().stream().map(Description::best).toList();
        boolean cut = maxWords != null
                && maxWords > 0
                && sentences.stream().anyMatch(sentence -> sentence.words().size() >= maxWords);
        Map<String, Object> end = end(start, cut ? "length" : "stop", answer, Replies.words(sentences));
        return write(json, name, format.write(Replies.text(answer.descriptions())), text, end, answer);
    }

    private static int top(JsonNode json) {
        return json.path("logprobs").asBoolean(false)
                ? json.path("top_logprobs").asInt(0)
                : 0;
    }

    private ResponseEntity<byte[]> write(
            JsonNode json, String name, String sentence, Text text, Map<String, Object> end, @Nullable Answer answer) {
        List<Map<String, Object>> logprobs = answer == null
                        || !json.path("logprobs").asBoolean(false)
                ? List.of()
                : Replies.logprobs(
                        answer.descriptions().stream().map(Description::best).toList(),
                        answer.descriptions(),
                        top(json));
        if (!isStreamed(json)) {
            Map<String, Object> whole = begin(name, text.member(sentence));
            whole.putAll(end);
            if (!logprobs.isEmpty()) {
                whole.put("logprobs", logprobs);
            }
            return Replies.json(whole);
        }
        List<Map<String, Object>> lines = new ArrayList<>();
        for (String piece : sentence.isEmpty() ? List.<String>of() : Replies.pieces(sentence)) {
            Map<String, Object> line = begin(name, text.member(piece));
            line.put("done", false);
            lines.add(line);
        }
        for (int i = 0; i < Math.min(lines.size(), logprobs.size()); i++) {
            lines.get(i).put("logprobs", List.of(logprobs.get(i)));
        }
        Map<String, Object> last = begin(name, text.member(""));
        last.putAll(end);
        lines.add(last);
        return Replies.lines(lines);
    }

    private Map<String, Object> begin(String name, Map<String, Object> member) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("model", OllamaModels.tagged(name));
        line.put("created_at", clock.now().toString());
        line.putAll(member);
        return line;
    }

    /** The members of the last line; times are in nanoseconds. */
    private Map<String, Object> end(long start, String reason, @Nullable Answer answer, int words) {
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("done", true);
        end.put("done_reason", reason);
        end.put("total_duration", clock.nanoTime().getAsLong() - start);
        end.put("load_duration", 0);
        end.put("prompt_eval_count", answer == null ? 0 : answer.descriptions().size());
        end.put("prompt_eval_duration", 0);
        end.put("eval_count", words);
        end.put("eval_duration", answer == null ? 0 : answer.inferenceNanos());
        if (answer != null) {
            end.put("captioner", Replies.details(answer));
        }
        return end;
    }

    private List<ImageUpload> uploads(JsonNode pictures) {
        List<ImageUpload> uploads = new ArrayList<>();
        for (JsonNode picture : pictures) {
            if (!picture.isString()) {
                throw CaptionFailure.invalidParameter("images", "images must be a list of base64 texts.");
            }
            uploads.add(images.read(picture.stringValue(), uploads.size()));
        }
        return uploads;
    }

    private static AnswerFormat format(JsonNode format) {
        if (format.isObject()) {
            return AnswerFormat.of(format);
        }
        return format.asString("").equals("json") ? AnswerFormat.json() : AnswerFormat.PLAIN;
    }

    private Served served(String name) {
        String bundle = names.bundle(name, aliases);
        return names.served(aliases).stream()
                .filter(model -> model.name().equals(bundle == null ? ModelNames.DEFAULT : bundle))
                .findFirst()
                .orElseThrow(
                        () -> CaptionFailure.of(Reason.NOT_READY, "The model is not ready: try again in a moment."));
    }

    private static String name(JsonNode json) {
        String name = json.path("model").asString("");
        String former = name.isBlank() ? json.path("name").asString("") : name;
        return former.isBlank() ? ModelNames.DEFAULT : former.strip();
    }

    private static boolean isStreamed(JsonNode json) {
        return json.path("stream").asBoolean(true);
    }

    /** Where a line has its text. */
    private interface Text {
        Map<String, Object> member(String text);
    }
}
