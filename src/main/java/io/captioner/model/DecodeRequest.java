package io.captioner.model;

import io.captioner.model.DecodeOptions.Sampling;
import io.captioner.model.DecodeOptions.Strategy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a client wants captions to be decoded; null stands for the default of the model's bundle. The ranges are those of
 * {@link DecodeOptions}; {@link #resolve} checks them.
 *
 * @param strategy how words are chosen; null for beam search
 * @param beamWidth hypotheses kept at each step of beam search, 1 to {@value DecodeOptions#MAX_BEAM_WIDTH}
 * @param alternatives captions of each image, 1 to the beam width; with sampling, the number of captions that are
 *     sampled, 1 to {@value DecodeOptions#MAX_BEAM_WIDTH}; null for 1
 * @param maxWords most words of a caption, 1 to {@value DecodeOptions#MAX_WORDS}; a value above the bundle's own
 *     maximum means that maximum
 * @param lengthPenalty exponent by which longer captions are favoured, 0 to {@value DecodeOptions#MAX_LENGTH_PENALTY}
 * @param noRepeatNgram length of the word sequences that occur at most once in a caption, 0 to
 *     {@value DecodeOptions#MAX_NO_REPEAT}; 0 for no limit
 * @param temperature divisor of the log-probabilities in sampling, {@value DecodeOptions#MIN_TEMPERATURE} to
 *     {@value DecodeOptions#MAX_TEMPERATURE}; null for 1
 * @param topK number of most probable words that are sampled from, 1 to {@value DecodeOptions#MAX_TOP_K}; null for no
 *     limit
 * @param topP total probability of the most probable words that are sampled from, above 0 to 1; null for no limit
 * @param seed the same seed samples the same words; null for 0
 * @param words words that must or must not appear; null for no rules
 * @param consensus see {@link DecodeOptions#consensus}; not true with sampling
 */
public record DecodeRequest(
        @Nullable Strategy strategy,
        @Nullable Integer beamWidth,
        @Nullable Integer alternatives,
        @Nullable Integer maxWords,
        @Nullable Float lengthPenalty,
        @Nullable Integer noRepeatNgram,
        @Nullable Float temperature,
        @Nullable Integer topK,
        @Nullable Float topP,
        @Nullable Integer seed,
        @Nullable WordRules words,
        @Nullable Boolean consensus) {
    /** The bundle's own search. */
    public static final DecodeRequest DEFAULTS = beam(null, null, null, null);

    /** Returns a request for the best caption of a beam search. */
    public static DecodeRequest beam(
            @Nullable Integer beamWidth,
            @Nullable Integer maxWords,
            @Nullable Float lengthPenalty,
            @Nullable Integer noRepeatNgram) {
        return new DecodeRequest(
                null, beamWidth, null, maxWords, lengthPenalty, noRepeatNgram, null, null, null, null, null, null);
    }

    /**
     * Checks the request and fills in a bundle's defaults.
     *
     * @throws InvalidDecodeRequestException if a parameter is out of its range, or contradicts another
     */
    public DecodeOptions resolve(Manifest manifest) {
        requireRanges();
        Strategy chosen = Objects.requireNonNullElse(strategy, Strategy.BEAM);
        requireFitting(chosen);
        DecodeOptions defaults = manifest.defaults();
        int captions = Objects.requireNonNullElse(alternatives, 1);
        int width = switch (chosen) {
            case BEAM -> Objects.requireNonNullElse(beamWidth, defaults.beamWidth());
            case GREEDY -> 1;
            case SAMPLE -> captions;
        };
        if (captions > width) {
            throw new InvalidDecodeRequestException(
                    "alternatives",
                    "alternatives is %d, but a beam of width %d holds no more than %d captions: ask for fewer, or for a wider beam."
                            .formatted(captions, width, width));
        }
        return new DecodeOptions(
                width,
                Math.min(Objects.requireNonNullElse(maxWords, defaults.maxWords()), manifest.maxLength()),
                Objects.requireNonNullElse(lengthPenalty, defaults.lengthPenalty()),
                Objects.requireNonNullElse(noRepeatNgram, defaults.noRepeatNgram()),
                chosen == Strategy.SAMPLE ? sampling() : null,
                words,
                Objects.requireNonNullElse(consensus, defaults.consensus()));
    }

    private Sampling sampling() {
        return new Sampling(
                Objects.requireNonNullElse(temperature, 1f),
                Objects.requireNonNullElse(topK, 0),
                Objects.requireNonNullElse(topP, 1f),
                Objects.requireNonNullElse(seed, 0));
    }

    private void requireRanges() {
        requireWhole("beamWidth", beamWidth, 1, DecodeOptions.MAX_BEAM_WIDTH);
        requireWhole("alternatives", alternatives, 1, DecodeOptions.MAX_BEAM_WIDTH);
        requireWhole("maxWords", maxWords, 1, DecodeOptions.MAX_WORDS);
        requireWhole("noRepeatNgram", noRepeatNgram, 0, DecodeOptions.MAX_NO_REPEAT);
        requireWhole("topK", topK, 1, DecodeOptions.MAX_TOP_K);
        requireNumber("lengthPenalty", lengthPenalty, 0, DecodeOptions.MAX_LENGTH_PENALTY);
        requireNumber("temperature", temperature, DecodeOptions.MIN_TEMPERATURE, DecodeOptions.MAX_TEMPERATURE);
        if (topP != null && !(topP > 0 && topP <= 1)) {
            throw new InvalidDecodeRequestException(
                    "topP", "topP is %s; it must be a number above 0, at most 1.".formatted(topP));
        }
    }

    private void requireFitting(Strategy chosen) {
        if (chosen != Strategy.BEAM && beamWidth != null && !(chosen == Strategy.GREEDY && beamWidth == 1)) {
            throw new InvalidDecodeRequestException(
                    "beamWidth",
                    "beamWidth is for strategy=beam: leave it out, or the strategy. With strategy=sample, alternatives is the number of captions that are sampled.");
        }
        if (chosen == Strategy.SAMPLE && words != null && !words.require().isEmpty()) {
            throw new InvalidDecodeRequestException(
                    "require", "require is for a search, not for strategy=sample: leave out the one or the other.");
        }
        if (chosen == Strategy.SAMPLE && Boolean.TRUE.equals(consensus)) {
            throw new InvalidDecodeRequestException(
                    "consensus",
                    "consensus=true is for a search, not for strategy=sample: leave out the one or the other.");
        }
        String given = samplingParameter();
        if (chosen != Strategy.SAMPLE && given != null) {
            throw new InvalidDecodeRequestException(
                    given, "%s is for strategy=sample: leave it out, or ask for that strategy.".formatted(given));
        }
    }

    /** Returns the name of a given parameter of sampling; null if none is given. */
    private @Nullable String samplingParameter() {
        if (temperature != null) {
            return "temperature";
        }
        if (topK != null) {
            return "topK";
        }
        if (topP != null) {
            return "topP";
        }
        return seed == null ? null : "seed";
    }

    private static void requireWhole(String name, @Nullable Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            throw new InvalidDecodeRequestException(
                    name, "%s is %d; it must be a whole number from %d to %d.".formatted(name, value, least, most));
        }
    }

    private static void requireNumber(String name, @Nullable Float value, Number least, Number most) {
        if (value != null && !(value >= least.floatValue() && value <= most.floatValue())) {
            throw new InvalidDecodeRequestException(
                    name, "%s is %s; it must be a number from %s to %s.".formatted(name, value, least, most));
        }
    }
}
