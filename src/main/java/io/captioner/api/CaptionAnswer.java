package io.captioner.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.captioner.caption.CaptionResponse;
import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeOptions.Strategy;
import io.captioner.trust.Trust;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON answer of {@code POST /captions}. */
@Schema(description = "The captions of every image, in the order the images were sent.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record CaptionAnswer(
        @Schema(description = "The model that wrote the captions.")
        Model model,

        @Schema(description = "How captions were searched for.")
        Options options,

        @Schema(description = "One for each image, in the order sent.")
        List<Result> results,

        @Schema(description = "Where the time went.") Timing timing) {

    @Schema(name = "Model")
    record Model(
            @Schema(example = "show-attend-tell") String name,
            @Schema(example = "1") String version,

            @Schema(
                    description = "SHA-256 of the bundle's manifest, which holds the hashes of all its other files.",
                    example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
            String bundleSha256,

            @Schema(
                    description = "Where it runs: cpu, or the GPUs that hold a copy of it, each with its name.",
                    example = "gpu:0 (NVIDIA H200)")
            String device) {}

    @Schema(name = "Options")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Options(
            @Schema(
                    description = "How words were chosen.",
                    allowableValues = {"beam", "greedy", "sample"})
            String strategy,

            @Schema(description = "Hypotheses kept at each step; with strategy=sample, captions that were sampled.")
            int beamWidth,

            @Schema(description = "Words after which a caption is cut.")
            int maxWords,

            @Schema(description = "Captions are ranked by log-probability / (words + 1)^lengthPenalty.")
            float lengthPenalty,

            @Schema(description = "No sequence of N words occurs twice in a caption; 0 for no limit.")
            int noRepeatNgram,

            @Schema(
                    description =
                            "With true, words that people wrote of similar training photos were favoured, and a beam's captions are ordered by what people are likely to write, or, where the model does not know that, by how much they agree with each other.")
            boolean consensus,

            @Schema(description = "Only with strategy=sample.") @Nullable Sampling sampling) {

        static Options of(DecodeOptions options) {
            DecodeOptions.Sampling sampling = options.sampling();
            return new Options(
                    Strategy.of(options).name().toLowerCase(Locale.ROOT),
                    options.beamWidth(),
                    options.maxWords(),
                    options.lengthPenalty(),
                    options.noRepeatNgram(),
                    options.byConsensus(),
                    sampling == null
                            ? null
                            : new Sampling(
                                    sampling.temperature(),
                                    sampling.topK() == 0 ? null : sampling.topK(),
                                    sampling.topP(),
                                    sampling.seed()));
        }
    }

    @Schema(name = "Sampling")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Sampling(
            @Schema(description = "Divisor of the log-probabilities.")
            float temperature,

            @Schema(description = "Only the K likeliest words were sampled; absent for no limit.") @Nullable Integer topK,

            @Schema(description = "Only the likeliest words that together have this probability were sampled.")
            float topP,

            @Schema(description = "The same seed gives the same captions of the same image.")
            int seed) {}

    @Schema(name = "Result")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(
            @Schema(description = "The file name of the part; absent if it had none.", example = "photo.jpg") @Nullable String filename,

            @Schema(description = "Columns of the upright photo.")
            int width,

            @Schema(description = "Rows of the upright photo.")
            int height,

            @Schema(
                    description =
                            "Where the captions came from: the device; the device, for the same file of another request in"
                                    + " flight; or the cache. They are the same from each.",
                    allowableValues = {"device", "shared", "cache"})
            String source,

            @Schema(
                    description =
                            "Share of photos of the training's kind that lie at least as far from the training photos as this"
                                    + " one, 0 to 1: near 0 is a picture of another world; absent if the bundle does not tell.")
            @Nullable Float familiarity,

            @Schema(description = "Best first.") List<Caption> captions,

            @Schema(
                    description =
                            "The id of the image's entry in the archive, which is on the disk; absent if answers are not archived, or this"
                                    + " one could not be.")
            @Nullable String archiveId) {}

    @Schema(name = "Caption")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Caption(
            @Schema(
                    description = "The caption; null if its confidence is below minConfidence.",
                    example = "a dog runs through the water")
            @JsonInclude(JsonInclude.Include.ALWAYS)
            @Nullable String text,

            @Schema(
                    description =
                            "The caption in words that say how sure it is, the chance of an error first; absent if the bundle is"
                                    + " not calibrated or not English.",
                    example = "This may be wrong: possibly a dog runs through the water")
            @Nullable String hedgedText,

            @Schema(description = "Why there is no text; absent if there is one.") @Nullable String abstained,

            @Schema(description = "Natural logarithm of the probability of the whole caption.")
            float logProbability,

            @Schema(
                    description =
                            "Probability that the caption is right, 0 to 1; the likelihood if the bundle is not calibrated.")
            float confidence,

            @Schema(description = "Whether the confidence is calibrated; the bundle's manifest says what right means.")
            boolean calibrated,

            @Schema(
                    description = "The confidence in a word; absent if the bundle is not calibrated.",
                    allowableValues = {"low", "medium", "high"})
            @Nullable String level,

            @Schema(description = "Geometric mean of the word probabilities, 0 to 1.")
            float likelihood,

            @Schema(
                    description =
                            "Mean share of the search's captions that keep a word of this one; absent if it found one caption.")
            @Nullable Float agreement,

            List<Word> words) {}

    @Schema(name = "Word")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Word(
            @Schema(example = "dog") String word,

            @Schema(description = "Given the image and the words before, 0 to 1.")
            float probability,

            @Schema(description = "Share of the search's captions that keep this word; absent if it found one caption.")
            @Nullable Float agreement,

            @Schema(
                    description =
                            "Where the attention was, in pixels of the upright photo; absent with attention=none and"
                                    + " for a model without attention.")
            @Nullable Attention attention) {}

    @Schema(name = "Attention")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Attention(
            @Schema(description = "The place with most weight.")
            Point peak,

            @Schema(description = "The smallest rectangle of cells that holds half of the weight.")
            Box box,

            @Schema(
                    description =
                            "Entropy of the weights over ln(cells): 0 if all is in one cell, 1 if all cells have the same.")
            float entropy,

            @Schema(description = "All weights; only with attention=grid.") @Nullable Grid grid) {}

    @Schema(name = "Point")
    record Point(int x, int y) {}

    @Schema(name = "Box")
    record Box(int x, int y, int width, int height) {}

    @Schema(name = "Grid")
    record Grid(
            int rows,
            int columns,

            @Schema(description = "One list a row, from the top; they sum to 1 together.")
            List<List<Float>> weights) {}

    @Schema(name = "Timing")
    record Timing(
            @Schema(description = "Longest wait of an image for the device, in milliseconds.")
            double queueMillis,

            @Schema(description = "Reading and resizing all images, in milliseconds.")
            double decodeMillis,

            @Schema(description = "Longest run of the device that an image was part of, in milliseconds.")
            double inferenceMillis) {}

    static CaptionAnswer of(CaptionResponse response) {
        return new CaptionAnswer(
                model(response.model()),
                Options.of(response.options()),
                response.results().stream().map(CaptionAnswer::result).toList(),
                timing(response.timing()));
    }

    private static Result result(CaptionResponse.CaptionedImage image) {
        return new Result(
                image.filename(),
                image.width(),
                image.height(),
                image.source().name().toLowerCase(Locale.ROOT),
                single(image.captions().get(0).trust().familiarity()),
                image.captions().stream().map(CaptionAnswer::caption).toList(),
                image.archiveId());
    }

    private static Caption caption(CaptionResponse.Caption caption) {
        Trust trust = caption.trust();
        Trust.Level level = trust.level();
        return new Caption(
                caption.text(),
                caption.hedgedText(),
                caption.abstained(),
                (float) caption.logProbability(),
                (float) trust.confidence(),
                trust.calibrated(),
                level == null ? null : level.name().toLowerCase(Locale.ROOT),
                (float) trust.likelihood(),
                single(trust.agreement()),
                caption.words().stream().map(CaptionAnswer::word).toList());
    }

    private static @Nullable Float single(@Nullable Double value) {
        return value == null ? null : value.floatValue();
    }

    static Word word(CaptionResponse.Word word) {
        CaptionResponse.Attention attention = word.attention();
        return new Word(
                word.word(),
                (float) word.probability(),
                single(word.agreement()),
                attention == null ? null : attention(attention));
    }

    private static Attention attention(CaptionResponse.Attention attention) {
        CaptionResponse.Box box = attention.box();
        CaptionResponse.Grid grid = attention.grid();
        return new Attention(
                new Point(attention.peak().x(), attention.peak().y()),
                new Box(box.x(), box.y(), box.width(), box.height()),
                (float) attention.entropy(),
                grid == null ? null : grid(grid));
    }

    private static Grid grid(CaptionResponse.Grid grid) {
        return new Grid(
                grid.rows(),
                grid.columns(),
                grid.weights().stream()
                        .map(row -> row.stream().map(Double::floatValue).toList())
                        .toList());
    }

    static Model model(CaptionResponse.Model model) {
        return new Model(model.name(), model.version(), model.bundleSha256(), model.device());
    }

    static Timing timing(CaptionResponse.Timing timing) {
        return new Timing(tenths(timing.queue()), tenths(timing.decode()), tenths(timing.inference()));
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
