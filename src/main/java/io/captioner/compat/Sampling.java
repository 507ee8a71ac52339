package io.captioner.compat;

import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeOptions.Strategy;
import io.captioner.model.DecodeRequest;
import io.captioner.model.WordRules;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The parameters of text generation that other protocols have, as ours. Words are sampled only where a seed is given:
 * programs send a temperature by habit, and a beam search is better than a sample of one. Values beyond our ranges
 * become the nearest allowed ones.
 */
public final class Sampling {
    private static final int USUAL_WIDTH = 3;
    private static final float LEAST_TOP_P = 0.01f;

    private Sampling() {}

    /** Returns a beam search for the best captions, at most {@value DecodeOptions#MAX_BEAM_WIDTH}. */
    public static DecodeRequest captions(int captions) {
        return captions(captions, null);
    }

    /** @param words that must or must not appear, null for no rules */
    public static DecodeRequest captions(int captions, @Nullable WordRules words) {
        return search(alternatives(captions), null, words);
    }

    /**
     * Returns a request of which the same beam search also returns its other captions, as many as it finds.
     *
     * @param usualWidth of a beam, where the request has none
     */
    public static DecodeRequest withRunnersUp(DecodeRequest request, int usualWidth) {
        if (request.strategy() != null) {
            return request;
        }
        Integer width = request.beamWidth();
        return new DecodeRequest(
                null,
                width,
                width == null ? (Integer) usualWidth : width,
                request.maxWords(),
                null,
                null,
                null,
                null,
                null,
                null,
                request.words(),
                request.consensus());
    }

    private static DecodeRequest search(int alternatives, @Nullable Integer maxWords, @Nullable WordRules words) {
        Integer width = alternatives == 1 ? null : Math.max(alternatives, USUAL_WIDTH);
        return new DecodeRequest(null, width, alternatives, maxWords, null, null, null, null, null, null, words, null);
    }

    private static int alternatives(int captions) {
        return Math.max(1, Math.min(captions, DecodeOptions.MAX_BEAM_WIDTH));
    }

    /**
     * Returns how captions are decoded.
     *
     * @param captions most captions of each image
     * @param maxWords most words; null or below 1 for no limit
     * @param options an object with {@code seed}, {@code temperature}, {@code top_k} and {@code top_p}, each optional
     */
    public static DecodeRequest of(int captions, @Nullable Integer maxWords, JsonNode options) {
        int alternatives = alternatives(captions);
        Integer words = maxWords == null || maxWords < 1 ? null : Math.min(maxWords, DecodeOptions.MAX_WORDS);
        JsonNode seed = options.path("seed");
        float temperature = (float) options.path("temperature").asDouble(1);
        if (!seed.isNumber() || temperature <= 0) {
            return search(alternatives, words, null);
        }
        int topK = options.path("top_k").asInt(0);
        float topP = (float) options.path("top_p").asDouble(1);
        return new DecodeRequest(
                Strategy.SAMPLE,
                null,
                alternatives,
                words,
                null,
                null,
                Math.max(DecodeOptions.MIN_TEMPERATURE, Math.min(temperature, DecodeOptions.MAX_TEMPERATURE)),
                topK < 1 ? null : Math.min(topK, DecodeOptions.MAX_TOP_K),
                Math.max(LEAST_TOP_P, Math.min(topP, 1)),
                (int) seed.asLong(0),
                null,
                null);
    }
}
