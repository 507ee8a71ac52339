package io.captioner.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.model.Manifest;
import io.captioner.registry.ModelRegistry;
import io.captioner.registry.ModelStatus;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The routes {@code GET /models}, which list the models. */
@RestController
@Tag(name = "Models")
@Profile("!training")
final class ModelsController {
    static final String PATH = "/models";

    private final ModelRegistry models;

    ModelsController(ModelRegistry models) {
        this.models = models;
    }

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listModels",
            summary = "Lists the models",
            description = "Every version of every model on disk: which answers, and why another does not.")
    @ApiResponse(responseCode = "200", description = "The models, names sorted, the newest version first")
    ModelsAnswer.All all() {
        String defaultName = models.defaultName();
        return new ModelsAnswer.All(models.statuses().stream()
                .map(status -> ModelsAnswer.entry(status, models.manifest(status.name()), defaultName))
                .toList());
    }

    @GetMapping(path = PATH + "/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "describeModel",
            summary = "Describes a model",
            description = "All its versions, and the manifest of the one that answers.")
    @ApiResponse(responseCode = "200", description = "The model")
    @ApiResponse(
            responseCode = "404",
            description = "There is no such model",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(ref = "#/components/schemas/Problem")))
    ModelsAnswer.One one(
            @Parameter(description = "Name of a model.", example = "show-attend-tell") @PathVariable("name")
                    String name) {
        Manifest manifest = models.manifest(name);
        List<ModelStatus> all = models.statuses();
        List<ModelStatus> own =
                all.stream().filter(status -> status.name().equals(name)).toList();
        if (own.isEmpty()) {
            throw CaptionFailure.of(Reason.UNKNOWN_MODEL, unknown(all));
        }
        return ModelsAnswer.one(name, own, manifest, models.defaultName());
    }

    @GetMapping(
            path = PATH + "/{name}/card",
            produces = {MediaType.TEXT_MARKDOWN_VALUE, MediaType.TEXT_HTML_VALUE})
    @Operation(
            operationId = "modelCard",
            summary = "Describes a model for people",
            description =
                    "Its card: network, data and their terms, scores, confidence. Markdown, or HTML for a browser.")
    @ApiResponse(responseCode = "200", description = "The card")
    @ApiResponse(
            responseCode = "404",
            description = "No version of such a model answers",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(ref = "#/components/schemas/Problem")))
    ResponseEntity<String> card(
            @Parameter(description = "Name of a model.", example = "show-attend-tell") @PathVariable("name")
                    String name,
            @RequestHeader HttpHeaders headers)
            throws IOException, HttpMediaTypeNotAcceptableException {
        String card = models.card(name);
        if (card == null) {
            throw CaptionFailure.of(Reason.UNKNOWN_MODEL, unknown(models.statuses()));
        }
        MediaType type =
                AcceptHeader.best(headers.getOrEmpty(HttpHeaders.ACCEPT), List.of(CardPage.MARKDOWN, CardPage.HTML));
        return type.equals(CardPage.MARKDOWN)
                ? ResponseEntity.ok().contentType(type).body(card)
                : ResponseEntity.ok()
                        .contentType(type)
                        .header(CaptionRenderer.POLICY, CaptionRenderer.REPORT_POLICY)
                        .body(CardPage.of(name, card));
    }

    private static String unknown(List<ModelStatus> all) {
        return all.isEmpty()
                ? "No model is loaded yet: the log says what is missing."
                : "There is no model of that name: name one of %s."
                        .formatted(
                                all.stream().map(ModelStatus::name).distinct().collect(Collectors.joining(", ")));
    }

    /** The JSON answers of {@code GET /models} and {@code GET /models/{name}}. */
    static final class ModelsAnswer {
        /** The language of bundles that do not name theirs. */
        private static final String ENGLISH = "en";

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
                        example = "show-attend-tell/8: missing: vocabulary.txt")
                @Nullable String reason,

                @Schema(description = "SHA-256 of the bundle's manifest; absent if it cannot be read.") @Nullable String bundleSha256,

                @Schema(
                        description =
                                "Where it runs, cpu or the GPUs that hold a copy of it, each with its name; absent unless"
                                        + " it answers.",
                        example = "gpu:0 (NVIDIA H200)")
                @Nullable String device,

                @Schema(
                        description = "Language of its captions, a tag of BCP 47; absent unless it answers.",
                        example = "en")
                @Nullable String language,

                @Schema(
                        description =
                                "Terms of its weights and of what they were trained on; absent unless it answers.",
                        example = "CC BY 4.0")
                @Nullable String licence,

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

                @Schema(
                        description =
                                "What the version that answers says of itself (captioner.json); absent if none does.")
                @Nullable Manifest manifest,

                @Schema(description = "The newest first.") List<Entry> versions) {}

        /** @param manifest of the version of that name that answers; null if none does */
        static Entry entry(ModelStatus status, @Nullable Manifest manifest, @Nullable String defaultName) {
            boolean ready = status.state() == ModelStatus.State.READY;
            Manifest own = ready ? manifest : null;
            return new Entry(
                    status.name(),
                    status.version(),
                    status.state(),
                    absentIfEmpty(status.reason()),
                    absentIfEmpty(status.bundleSha256()),
                    absentIfEmpty(status.device()),
                    own == null ? null : Objects.requireNonNullElse(own.language(), ENGLISH),
                    own == null ? null : own.trainingData().licence(),
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
                    newestFirst.stream()
                            .map(status -> entry(status, manifest, defaultName))
                            .toList());
        }

        private static @Nullable String absentIfEmpty(String text) {
            return text.isEmpty() ? null : text;
        }
    }
}
