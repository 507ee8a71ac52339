package io.captioner.api;

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
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
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
                .map(status -> ModelsAnswer.entry(status, defaultName))
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

    private static String unknown(List<ModelStatus> all) {
        return all.isEmpty()
                ? "No model is loaded yet: the log says what is missing."
                : "There is no model of that name: name one of %s."
                        .formatted(
                                all.stream().map(ModelStatus::name).distinct().collect(Collectors.joining(", ")));
    }
}
