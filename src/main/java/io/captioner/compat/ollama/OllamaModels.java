package io.captioner.compat.ollama;

import io.captioner.compat.CompatClock;
import io.captioner.compat.ModelNames.Served;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Ollama says of a model, filled from its manifest. */
final class OllamaModels {
    private static final String TAG = ":latest";
    private static final List<String> CAPABILITIES = List.of("completion", "vision");
    private static final Duration NEVER = Duration.ofDays(36_500);

    private final CompatClock clock;

    OllamaModels(CompatClock clock) {
        this.clock = clock;
    }

    /** Returns a name with a tag. */
    static String tagged(String name) {
        return name.indexOf(':') < 0 ? name + TAG : name;
    }

    /** Returns the entry of the list of models. */
    Map<String, Object> listed(Served model) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", tagged(model.name()));
        entry.put("model", tagged(model.name()));
        entry.put("modified_at", clock.started().toString());
        entry.put("digest", model.status().bundleSha256());
        entry.put("details", details(model));
        entry.put("capabilities", CAPABILITIES);
        return entry;
    }

    /** Returns the entry of the list of loaded models, which all served ones are. */
    Map<String, Object> running(Served model) {
        Map<String, Object> entry = listed(model);
        Instant end = clock.started().plus(NEVER);
        entry.put("expires_at", end.toString());
        entry.put("size_vram", 0);
        entry.put("context_length", model.manifest().maxLength());
        return entry;
    }

    /** Returns the description of a model. */
    Map<String, Object> shown(Served model) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("general.architecture", model.manifest().decoder());
        info.put("general.name", model.manifest().name());
        info.put("general.version", model.manifest().version());
        info.put("general.description", model.manifest().description());
        info.put(
                model.manifest().decoder() + ".context_length", model.manifest().maxLength());
        info.put("captioner.encoder", model.manifest().encoder());
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("license", model.manifest().trainingData().licence());
        shown.put("modelfile", "");
        shown.put("parameters", "");
        shown.put("template", "{{ .Prompt }}");
        shown.put("details", details(model));
        shown.put("model_info", info);
        shown.put("capabilities", CAPABILITIES);
        shown.put("modified_at", clock.started().toString());
        return shown;
    }

    private static Map<String, Object> details(Served model) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("parent_model", "");
        details.put("format", "savedmodel");
        details.put("family", model.manifest().name());
        details.put("families", List.of(model.manifest().name()));
        details.put("parameter_size", "");
        details.put("quantization_level", "");
        return details;
    }
}
