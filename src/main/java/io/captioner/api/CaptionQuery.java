package io.captioner.api;

import io.captioner.caption.AttentionDetail;
import io.captioner.caption.CaptionOptions;
import io.captioner.caption.CaptionOptions.Language;
import io.captioner.caption.CaptionOptions.Style;
import io.captioner.caption.CaptionOptions.Wording;
import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeOptions.Strategy;
import io.captioner.model.DecodeRequest;
import io.captioner.model.WordRules;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The query parameters of {@code POST /captions}; what is absent has the default of the model's bundle. */
record CaptionQuery(
        @Parameter(
                description =
                        "How words are chosen: by beam search, greedily, or sampled (sample), which gives more varied and less certain"
                                + " captions.",
                schema =
                        @Schema(
                                type = "string",
                                allowableValues = {"beam", "greedy", "sample"},
                                defaultValue = "beam"))
        @Nullable Strategy strategy,

        @Parameter(
                description =
                        "Hypotheses kept at each step of the beam search; 1 is greedy, wider is slower and a little better."
                                + " Default: the bundle's.")
        @Min(value = 1, message = CaptionQuery.BEAM_WIDTH) @Max(value = DecodeOptions.MAX_BEAM_WIDTH, message = CaptionQuery.BEAM_WIDTH) @Nullable Integer beamWidth,

        @Parameter(
                description =
                        "Captions returned for each image, best first; at most beamWidth. With strategy=sample, how many are sampled.",
                schema = @Schema(type = "integer", format = "int32", defaultValue = "1"))
        @Min(value = 1, message = CaptionQuery.ALTERNATIVES) @Max(value = DecodeOptions.MAX_BEAM_WIDTH, message = CaptionQuery.ALTERNATIVES) @Nullable Integer alternatives,

        @Parameter(
                description =
                        "Most words of a caption. An upper bound: a value above the bundle's own maximum means that maximum."
                                + " Default: the bundle's.")
        @Min(value = 1, message = CaptionQuery.MAX_WORDS) @Max(value = DecodeOptions.MAX_WORDS, message = CaptionQuery.MAX_WORDS) @Nullable Integer maxWords,

        @Parameter(
                description = "Exponent by which longer captions are favoured: captions are ranked by log-probability /"
                        + " (words + 1)^lengthPenalty. Default: the bundle's.")
        @DecimalMin(value = "0", message = CaptionQuery.LENGTH_PENALTY) @DecimalMax(value = "" + DecodeOptions.MAX_LENGTH_PENALTY, message = CaptionQuery.LENGTH_PENALTY) @Nullable Float lengthPenalty,

        @Parameter(
                description =
                        "No sequence of N words occurs twice in a caption: 2 forbids \"a red hat and a red hat\"; 0 forbids nothing."
                                + " Default: the bundle's.")
        @Min(value = 0, message = CaptionQuery.NO_REPEAT_NGRAM) @Max(value = DecodeOptions.MAX_NO_REPEAT, message = CaptionQuery.NO_REPEAT_NGRAM) @Nullable Integer noRepeatNgram,

        @Parameter(
                description =
                        "Whether words that people wrote of similar training photos are favoured, and the captions of a beam are"
                                + " ordered by what people are likely to write; false: by log-probability and length alone. Not with"
                                + " strategy=sample. Default: the bundle's.",
                schema = @Schema(type = "boolean"))
        @Nullable Boolean consensus,

        @Parameter(
                description =
                        "With strategy=sample: below 1 the likely words are sampled more often, above 1 less often. Default: 1.")
        @DecimalMin(value = "" + DecodeOptions.MIN_TEMPERATURE, message = CaptionQuery.TEMPERATURE) @DecimalMax(value = "" + DecodeOptions.MAX_TEMPERATURE, message = CaptionQuery.TEMPERATURE) @Nullable Float temperature,

        @Parameter(description = "With strategy=sample: only the K likeliest words may be sampled.")
        @Min(value = 1, message = CaptionQuery.TOP_K) @Max(value = DecodeOptions.MAX_TOP_K, message = CaptionQuery.TOP_K) @Nullable Integer topK,

        @Parameter(
                description =
                        "With strategy=sample: only the likeliest words that together have this probability may be sampled.")
        @DecimalMin(value = "0", inclusive = false, message = CaptionQuery.TOP_P) @DecimalMax(value = "1", message = CaptionQuery.TOP_P) @Nullable Float topP,

        @Parameter(
                description =
                        "With strategy=sample: the same seed gives the same captions of the same image; another seed gives others."
                                + " Default: 0.")
        @Min(value = Integer.MIN_VALUE, message = CaptionQuery.SEED) @Max(value = CaptionQuery.UNSIGNED_MAX, message = CaptionQuery.SEED) @Nullable Long seed,

        @Parameter(
                description =
                        "Confidence below which a caption has no text, 0 to 1. Default: captioner.trust.min-confidence.")
        @DecimalMin(value = "0", message = CaptionQuery.MIN_CONFIDENCE) @DecimalMax(value = "1", message = CaptionQuery.MIN_CONFIDENCE) @Nullable Float minConfidence,

        @Parameter(
                description = "Whether English words for people lose their gender: man and woman become person.",
                schema = @Schema(type = "boolean", defaultValue = "false"))
        @Nullable Boolean genderNeutral,

        @Parameter(
                description = "Words that do not appear, in lower case, with commas.",
                schema = @Schema(type = "string", example = "dog,cat"))
        @Nullable List<String> avoid,

        @Parameter(
                description = "Words that appear, 1 to 3, in lower case, with commas; not with strategy=sample.",
                schema = @Schema(type = "string", example = "dog"))
        @Nullable List<String> require,

        @Parameter(
                description =
                        "Form of the texts: as the model writes them, or as alternative texts, with an upper-case letter first and"
                                + " at most 125 characters.",
                schema =
                        @Schema(
                                type = "string",
                                allowableValues = {"plain", "alt"},
                                defaultValue = "plain"))
        @Nullable Style style,

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

        @Parameter(description = "Name of the model. Default: the only one, or the configured one.") @Nullable String model,

        @Parameter(
                description =
                        "BCP 47 tag of the captions' language, which chooses among models. Default: by Accept-Language, or else"
                                + " the default model.",
                example = "en")
        @Nullable String language) {

    static final String BEAM_WIDTH = "must be a whole number from 1 to " + DecodeOptions.MAX_BEAM_WIDTH;
    static final String ALTERNATIVES = "must be a whole number from 1 to beamWidth";
    static final String MAX_WORDS = "must be a whole number from 1 to " + DecodeOptions.MAX_WORDS;
    static final String LENGTH_PENALTY = "must be a number from 0 to " + DecodeOptions.MAX_LENGTH_PENALTY;
    static final String NO_REPEAT_NGRAM = "must be a whole number from 0 to " + DecodeOptions.MAX_NO_REPEAT;
    static final String TEMPERATURE =
            "must be a number from " + DecodeOptions.MIN_TEMPERATURE + " to " + DecodeOptions.MAX_TEMPERATURE;
    static final String TOP_K = "must be a whole number from 1 to " + DecodeOptions.MAX_TOP_K;
    static final String TOP_P = "must be a number above 0, at most 1";
    static final String SEED = "must be a whole number of 32 bits, signed or unsigned: from -2147483648 to 4294967295";
    static final String MIN_CONFIDENCE = "must be a number from 0 to 1";
    static final String FLAG = "must be true or false";
    static final String AVOID = "must be 1 to " + WordRules.MAX_AVOIDED + " single words with commas";
    static final String REQUIRE = "must be 1 to " + WordRules.MAX_REQUIRED + " single words with commas";
    static final long UNSIGNED_MAX = 0xffff_ffffL;

    private @Nullable WordRules words() {
        boolean neutral = Boolean.TRUE.equals(genderNeutral);
        if (!neutral && avoid == null && require == null) {
            return null;
        }
        return new WordRules(
                neutral, Objects.requireNonNullElse(avoid, List.of()), Objects.requireNonNullElse(require, List.of()));
    }

    /**
     * Returns these parameters as the options of the use case.
     *
     * @param format of the answer
     * @param accepted the header Accept-Language; null if there is none
     */
    CaptionOptions options(CaptionFormat format, @Nullable String accepted) {
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
                        seed == null ? null : seed.intValue(),
                        words(),
                        consensus),
                format.attention(attention),
                model == null || model.isBlank() ? null : model,
                new Wording(minConfidence, style == null ? Style.PLAIN : style),
                new Language(language, accepted));
    }
}
