package io.captioner.api;

import io.captioner.caption.AttentionDetail;
import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageUpload;
import io.captioner.caption.ScoreCommand;
import io.captioner.model.DecodeOptions;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The parameters of {@code POST /captions/score}; what is absent has the default of the model's bundle. */
record ScoreQuery(
        @Parameter(
                description = "A text to score, 1 to " + ScoreCommand.MAX_TEXTS + " of them, each of at most "
                        + ScoreCommand.MAX_CHARACTERS + " characters. May be a field of the form as well.")
        List<String> text,

        @Parameter(
                description = "Exponent by which longer texts are favoured: texts are ranked by log-probability /"
                        + " (words + 1)^lengthPenalty. Default: the bundle's.")
        @DecimalMin(value = "0", message = CaptionQuery.LENGTH_PENALTY) @DecimalMax(value = "" + DecodeOptions.MAX_LENGTH_PENALTY, message = CaptionQuery.LENGTH_PENALTY) @Nullable Float lengthPenalty,

        @Parameter(
                description =
                        "How much of the attention is returned for each word: nothing; peak, box and entropy; or the weights of"
                                + " every grid cell as well.",
                schema =
                        @Schema(
                                type = "string",
                                allowableValues = {"none", "summary", "grid"},
                                defaultValue = "summary"))
        @Nullable AttentionDetail attention,

        @Parameter(description = "Name of the model. Default: the only one, or the configured one.") @Nullable String model) {

    /**
     * Returns the request of the use case.
     *
     * @throws CaptionFailure if there is more than one image
     */
    ScoreCommand command(List<ImageUpload> images, @Nullable Duration timeout, BooleanSupplier clientGone) {
        if (images.size() != 1) {
            throw CaptionFailure.of(
                    Reason.TOO_MANY_IMAGES,
                    "Texts are scored for one image, not %d: send a request for each.".formatted(images.size()));
        }
        return new ScoreCommand(
                images.get(0),
                text,
                attention == null ? AttentionDetail.SUMMARY : attention,
                lengthPenalty,
                model,
                timeout,
                clientGone);
    }
}
