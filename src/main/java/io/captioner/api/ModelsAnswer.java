package io.captioner.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.captioner.model.Manifest;
import io.captioner.registry.ModelStatus;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON answers of {@code GET /models} and {@code GET /models/{name}}. */
final class ModelsAnswer {
    private ModelsAnswer() {}

    @Schema(name = "Models", description = "Every version of every model.")
    record All(
            @Schema(description = "Names sorted, the newest version first.")
            List<Entry> models) {}

    @Schema(name = "ModelVersion", description = "The state of one version of one model.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            @Schema(example = "show-attend-tell") String name,
            @Schema(example = "1") String version,

            @Schema(
                    description = "READY answers; LOADING is being copied, verified or warmed; REFUSED is broken;"
                            + " SUPERSEDED is older than the one that answers.")
            ModelStatus.State state,

            @Schema(
                    description = "Why it was refused; only then.",
                    example = "show-attend-tell/2: missing: vocabulary.txt")
            @Nullable String reason,

            @Schema(description = "SHA-256 of the bundle's manifest; absent if it cannot be read.") @Nullable String bundleSha256,

            @Schema(
                    description =
                            "Where it runs, cpu or the GPUs that hold a copy of it, each with its name; absent unless"
                                    + " it answers.",
                    example = "gpu:0 (NVIDIA H200)")
            @Nullable String device,

            @Schema(name = "default", description = "Whether it answers requests that name no model.")
            @JsonProperty("default")
            boolean isDefault) {}

    @Schema(
            name = "ModelDescription",
            description = "A model: the version that answers, and the state of each version.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record One(
            @Schema(example = "show-attend-tell") String name,

            @Schema(description = "READY if a version answers, or else the state of the newest.")
            ModelStatus.State state,

            @Schema(description = "What the version that answers says of itself (captioner.json); absent if none does.")
            @Nullable Manifest manifest,

            @Schema(description = "The newest first.") List<Entry> versions) {}

    static Entry entry(ModelStatus status, @Nullable String defaultName) {
        boolean ready = status.state() == ModelStatus.State.READY;
        return new Entry(
                status.name(),
                status.version(),
                status.state(),
                absentIfEmpty(status.reason()),
                absentIfEmpty(status.bundleSha256()),
                absentIfEmpty(status.device()),
                ready && status.name().equals(defaultName));
    }

    static One one(
            String name, List<ModelStatus> newestFirst, @Nullable Manifest manifest, @Nullable String defaultName) {
        ModelStatus.State state = newestFirst.stream().anyMatch(status -> status.state() == ModelStatus.State.READY)
                ? ModelStatus.State.READY
                : newestFirst.get(0).state();
        return new One(
                name,
                state,
                manifest,
                newestFirst.stream().map(status -> entry(status, defaultName)).toList());
    }

    private static @Nullable String absentIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
