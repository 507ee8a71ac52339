package io.captioner.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.captioner.caption.ScoreResponse;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON answer of {@code POST /captions/score}. */
@Schema(description = "The scores of every text as a caption of the photo, in the order the texts were sent.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScoreAnswer(
        @Schema(description = "The model that scored the texts.")
        CaptionAnswer.Model model,

        @Schema(description = "Texts are ranked by log-probability / (words + 1)^lengthPenalty.")
        float lengthPenalty,

        @Schema(description = "The file name of the photo; absent if it had none.", example = "photo.jpg") @Nullable String filename,

        @Schema(description = "Columns of the upright photo.")
        int width,

        @Schema(description = "Rows of the upright photo.") int height,

        @Schema(
                description = "Where the scores came from; they are the same from each.",
                allowableValues = {"device", "shared", "cache"})
        String source,

        @Schema(description = "One for each text, in the order sent.")
        List<Score> scores,

        @Schema(description = "Where the time went.") CaptionAnswer.Timing timing) {

    @Schema(name = "Score")
    record Score(
            @Schema(description = "As it was sent.", example = "A dog runs through the water.")
            String text,

            @Schema(description = "Place among all texts, 1 for the likeliest; texts of equal score have equal ranks.")
            int rank,

            @Schema(description = "Natural logarithm of the probability of all words and the end.")
            float logProbability,

            @Schema(description = "log-probability / (words + 1)^lengthPenalty, by which texts are ranked.")
            float score,

            @Schema(description = "Geometric mean of the word probabilities, 0 to 1; not calibrated.")
            float confidence,

            @Schema(description = "Probability that the caption ends after the last word, 0 to 1.")
            float endProbability,

            @Schema(description = "The words as the model reads them: in lower case, without punctuation.")
            List<CaptionAnswer.Word> words,

            @Schema(description = "Place among the words of the least likely one, counted from 0.")
            int weakest,

            @Schema(
                    description =
                            "Words that the model does not know, each once: they have the probability of any such word.",
                    example = "[\"labradoodle\"]")
            List<String> unknown) {}

    static ScoreAnswer of(ScoreResponse response) {
        return new ScoreAnswer(
                CaptionAnswer.model(response.model()),
                response.lengthPenalty(),
                response.filename(),
                response.width(),
                response.height(),
                response.source().name().toLowerCase(Locale.ROOT),
                response.scores().stream().map(ScoreAnswer::score).toList(),
                CaptionAnswer.timing(response.timing()));
    }

    private static Score score(ScoreResponse.Score score) {
        return new Score(
                score.text(),
                score.rank(),
                (float) score.logProbability(),
                (float) score.score(),
                (float) score.confidence(),
                (float) score.endProbability(),
                score.words().stream().map(CaptionAnswer::word).toList(),
                score.weakest(),
                score.unknown());
    }
}
