package io.captioner.api;

import io.captioner.caption.AttentionDetail;
import io.captioner.caption.CaptionOptions;
import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeRequest;
import io.captioner.model.Strategy;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The query parameters of {@code POST /captions}; what is absent has the default of the model's bundle. */
public record CaptionQuery(
        @Parameter(
                description =
                        "How words are chosen: by beam search, greedily, or drawn by chance (sample), which gives livelier and less"
                                + " certain captions.",
                schema =
                        @Schema(
                                type = "string",
                                allowableValues = {"beam", "greedy", "sample"},
                                defaultValue = "beam"))
        @Nullable Strategy strategy,

        @Parameter(
                description =
                        "Hypotheses kept at each step of the beam search; 1 is greedy, wider is slower and a little better."
                                + " Default: the bundle's, usually 3.")
        @Min(1) @Max(DecodeOptions.MAX_BEAM_WIDTH) @Nullable Integer beamWidth,

        @Parameter(
                description =
                        "Captions returned for each image, best first; at most beamWidth. With strategy=sample, how many are drawn.",
                schema = @Schema(type = "integer", format = "int32", defaultValue = "1"))
        @Min(1) @Max(DecodeOptions.MAX_BEAM_WIDTH) @Nullable Integer alternatives,

        @Parameter(
                description =
                        "Most words of a caption. An upper bound: a value above the bundle's own maximum means that maximum."
                                + " Default: the bundle's.")
        @Min(1) @Max(DecodeOptions.MAX_WORDS) @Nullable Integer maxWords,

        @Parameter(
                description = "Exponent by which longer captions are favoured: captions are ranked by log-probability /"
                        + " (words + 1)^lengthPenalty. Default: the bundle's.")
        @DecimalMin("0") @DecimalMax("" + DecodeOptions.MAX_LENGTH_PENALTY)
        @Nullable Float lengthPenalty,

        @Parameter(
                description =
                        "No run of so many words stands twice in a caption: 2 forbids \"a red hat and a red hat\"; 0 forbids nothing."
                                + " Default: the bundle's.")
        @Min(0) @Max(DecodeOptions.MAX_NO_REPEAT) @Nullable Integer noRepeatNgram,

        @Parameter(
                description =
                        "With strategy=sample: below 1 the likely words are drawn more often, above 1 less often. Default: 1.")
        @DecimalMin("" + DecodeOptions.MIN_TEMPERATURE)
        @DecimalMax("" + DecodeOptions.MAX_TEMPERATURE)
        @Nullable Float temperature,

        @Parameter(description = "With strategy=sample: only so many of the likeliest words may be drawn.")
        @Min(1) @Max(DecodeOptions.MAX_TOP_K) @Nullable Integer topK,

        @Parameter(
                description =
                        "With strategy=sample: only the likeliest words that together have this probability may be drawn.")
        @DecimalMin(value = "0", inclusive = false) @DecimalMax("1") @Nullable Float topP,

        @Parameter(
                description =
                        "With strategy=sample: the same seed draws the same captions of the same image, another seed others."
                                + " Default: 0.")
        @Nullable Integer seed,

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

    private static final Map<String, String> RULES = rules();

    private static Map<String, String> rules() {
        Map<String, String> rules = new LinkedHashMap<>();
        rules.put("strategy", "one of beam, greedy and sample");
        rules.put("beamWidth", "a whole number from 1 to " + DecodeOptions.MAX_BEAM_WIDTH);
        rules.put("alternatives", "a whole number from 1 to beamWidth");
        rules.put("maxWords", "a whole number from 1 to " + DecodeOptions.MAX_WORDS);
        rules.put("lengthPenalty", "a number from 0 to " + DecodeOptions.MAX_LENGTH_PENALTY);
        rules.put("noRepeatNgram", "a whole number from 0 to " + DecodeOptions.MAX_NO_REPEAT);
        rules.put(
                "temperature",
                "a number from %s to %s".formatted(DecodeOptions.MIN_TEMPERATURE, DecodeOptions.MAX_TEMPERATURE));
        rules.put("topK", "a whole number from 1 to " + DecodeOptions.MAX_TOP_K);
        rules.put("topP", "a number above 0, at most 1");
        rules.put("seed", "a whole number of 32 bits, signed or unsigned: from -2147483648 to 4294967295");
        rules.put("attention", "one of none, summary and grid");
        rules.put("model", "the name of a model");
        return rules;
    }

    /** Returns whether there is a parameter of this name. */
    public static boolean knows(String parameter) {
        return RULES.containsKey(parameter);
    }

    /** Returns the names of all parameters, for people. */
    static String names() {
        return String.join(", ", RULES.keySet());
    }

    /** Returns a sentence that says what a parameter must be. */
    static String mustBe(String parameter, String value) {
        return "%s must be %s, not '%s'.".formatted(parameter, RULES.get(parameter), value);
    }

    /** Returns these parameters as the options of the use case. */
    CaptionOptions options() {
        return new CaptionOptions(
                new DecodeRequest(
                        strategy,
                        beamWidth,
                        alternatives,
                        maxWords,
                        lengthPenalty,
                        noRepeatNgram,
                        temperature,
                        topK,
                        topP,
                        seed),
                attention == null ? AttentionDetail.SUMMARY : attention,
                model == null || model.isBlank() ? null : model);
    }
}
