package io.captioner.compat.oip;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.Protocol;
import io.captioner.compat.CompatCaptions;
import io.captioner.compat.CompatCaptions.Wish;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.compat.Description;
import io.captioner.compat.EmbeddedImages;
import io.captioner.compat.ModelNames;
import io.captioner.compat.ModelNames.Served;
import io.captioner.compat.Replies;
import io.captioner.model.DecodeRequest;
import io.captioner.web.JsonBodies;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Open Inference Protocol: images as BYTES in, captions as BYTES and their confidence as FP32 out. */
@RestController
@ConditionalOnProtocol(Protocol.OIP)
final class OipController {
    private static final String JSON_LENGTH = "Inference-Header-Content-Length";
    private static final String CAPTION = "caption";
    private static final String CONFIDENCE = "confidence";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final CompatCaptions captions;
    private final ModelNames names;
    private final EmbeddedImages images;
    private final JsonBodies bodies;

    OipController(CompatCaptions captions, ModelNames names, EmbeddedImages images, JsonBodies bodies) {
        this.captions = captions;
        this.names = names;
        this.images = images;
        this.bodies = bodies;
    }

    @GetMapping("/v2")
    ResponseEntity<byte[]> server() {
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("name", "captioner");
        server.put("version", "2");
        server.put("extensions", List.of("binary_tensor_data", "model_configuration"));
        return Replies.json(server);
    }

    @GetMapping("/v2/health/live")
    ResponseEntity<byte[]> live() {
        return Replies.json(Map.of("live", true));
    }

    @GetMapping("/v2/health/ready")
    ResponseEntity<byte[]> ready() {
        if (names.served(List.of()).isEmpty()) {
            throw CaptionFailure.of(Reason.NOT_READY, "No model is served yet: the log says what is missing.");
        }
        return Replies.json(Map.of("ready", true));
    }

    @GetMapping({OipRoutes.MODEL, OipRoutes.VERSION})
    ResponseEntity<byte[]> describe(
            @PathVariable("model") String model,
            @PathVariable(name = "version", required = false) @Nullable String version) {
        Served served = served(model, version);
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", model);
        description.put("versions", List.of(served.manifest().version()));
        description.put("platform", "captioner");
        description.put("inputs", List.of(tensor(Tensors.IMAGE, "BYTES")));
        description.put("outputs", List.of(tensor(CAPTION, "BYTES"), tensor(CONFIDENCE, "FP32")));
        return Replies.json(description);
    }

    @GetMapping({OipRoutes.MODEL + "/ready", OipRoutes.VERSION + "/ready"})
    ResponseEntity<byte[]> ready(
            @PathVariable("model") String model,
            @PathVariable(name = "version", required = false) @Nullable String version) {
        Map<String, Object> ready = new LinkedHashMap<>();
        ready.put("name", served(model, version).name());
        ready.put("ready", true);
        return Replies.json(ready);
    }

    @GetMapping({OipRoutes.MODEL + "/config", OipRoutes.VERSION + "/config"})
    ResponseEntity<byte[]> configuration(
            @PathVariable("model") String model,
            @PathVariable(name = "version", required = false) @Nullable String version) {
        Served served = served(model, version);
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("name", model);
        configuration.put("platform", "captioner");
        configuration.put("backend", "captioner");
        configuration.put(
                "version_policy",
                Map.of("specific", Map.of("versions", List.of(served.manifest().version()))));
        configuration.put("max_batch_size", 0);
        configuration.put("input", List.of(configured(Tensors.IMAGE, "TYPE_STRING")));
        configuration.put("output", List.of(configured(CAPTION, "TYPE_STRING"), configured(CONFIDENCE, "TYPE_FP32")));
        return Replies.json(configuration);
    }

    @PostMapping({OipRoutes.MODEL + "/infer", OipRoutes.VERSION + "/infer"})
    ResponseEntity<byte[]> infer(
            @PathVariable("model") String model,
            @PathVariable(name = "version", required = false) @Nullable String version,
            @RequestHeader(name = JSON_LENGTH, required = false) @Nullable Integer jsonLength,
            HttpServletRequest request)
            throws IOException {
        try (JsonBodies.Received body = bodies.read(request, jsonLength)) {
            Served served = served(model, version);
            JsonNode json = body.json();
            List<Output> wanted = outputs(json);
            Wish wish = new Wish(
                    Tensors.images(json.path("inputs"), body.rest(), images),
                    DecodeRequest.DEFAULTS,
                    served.status().name());
            return answer(
                    json,
                    model,
                    served,
                    wanted,
                    captions.describe(request, Protocol.OIP, wish).descriptions());
        }
    }

    private static ResponseEntity<byte[]> answer(
            JsonNode json, String model, Served served, List<Output> wanted, List<Description> found) {
        List<Map<String, Object>> outputs = new ArrayList<>();
        ByteArrayOutputStream binary = new ByteArrayOutputStream();
        for (Output output : wanted) {
            boolean isCaption = output.name().equals(CAPTION);
            List<String> texts =
                    found.stream().map(description -> description.best().text()).toList();
            List<Float> confidences = found.stream()
                    .map(description -> (float) description.best().confidence())
                    .toList();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", output.name());
            entry.put("datatype", isCaption ? "BYTES" : "FP32");
            entry.put("shape", List.of(found.size()));
            if (output.binary()) {
                byte[] bytes = isCaption ? Tensors.bytes(texts) : Tensors.floats(confidences);
                entry.put("parameters", Map.of("binary_data_size", bytes.length));
                binary.writeBytes(bytes);
            } else {
                entry.put("data", isCaption ? texts : confidences);
            }
            outputs.add(entry);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("model_name", model);
        answer.put("model_version", served.manifest().version());
        if (json.path("id").isString()) {
            answer.put("id", json.path("id").stringValue());
        }
        answer.put("outputs", outputs);
        return binary.size() == 0 ? Replies.json(answer) : binary(JSON.writeValueAsBytes(answer), binary.toByteArray());
    }

    private static ResponseEntity<byte[]> binary(byte[] json, byte[] tensors) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(json);
        body.writeBytes(tensors);
        return ResponseEntity.ok()
                .header(JSON_LENGTH, Integer.toString(json.length))
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .body(body.toByteArray());
    }

    /** An output that is wanted, and whether in the binary form. */
    private record Output(String name, boolean binary) {}

    private static List<Output> outputs(JsonNode json) {
        boolean allBinary = json.path("parameters").path("binary_data_output").asBoolean(false);
        if (json.path("outputs").isEmpty()) {
            return List.of(new Output(CAPTION, allBinary), new Output(CONFIDENCE, allBinary));
        }
        List<Output> wanted = new ArrayList<>();
        for (JsonNode output : json.path("outputs")) {
            String name = output.path("name").asString("");
            if (!name.equals(CAPTION) && !name.equals(CONFIDENCE)) {
                throw CaptionFailure.invalidParameter(
                        "outputs", "There is no output '%s': ask for caption or confidence.".formatted(name));
            }
            wanted.add(new Output(
                    name, output.path("parameters").path("binary_data").asBoolean(allBinary)));
        }
        return wanted;
    }

    private Served served(String model, @Nullable String version) {
        return names.served(List.of()).stream()
                .filter(served -> served.name().equals(model)
                        && (version == null || served.manifest().version().equals(version)))
                .findFirst()
                .orElseThrow(() -> CaptionFailure.of(
                        Reason.UNKNOWN_MODEL,
                        "model '%s'%s is not served: see GET /models for those that are"
                                .formatted(model, version == null ? "" : " of version " + version)));
    }

    private static Map<String, Object> tensor(String name, String type) {
        Map<String, Object> tensor = new LinkedHashMap<>();
        tensor.put("name", name);
        tensor.put("datatype", type);
        tensor.put("shape", List.of(-1));
        return tensor;
    }

    private static Map<String, Object> configured(String name, String type) {
        Map<String, Object> tensor = new LinkedHashMap<>();
        tensor.put("name", name);
        tensor.put("data_type", type);
        tensor.put("dims", List.of(-1));
        return tensor;
    }
}
