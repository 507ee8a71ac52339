package io.captioner.caption;

import io.captioner.model.DecodeRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants of its captions.
 *
 * @param decoding how they are decoded
 * @param attention how much of the attention is returned
 * @param model the model's name, null for the default model
 * @param wording how they are written
 */
public record CaptionOptions(
        DecodeRequest decoding,
        AttentionDetail attention,
        @Nullable String model,
        Wording wording) {
    /** Plain captions, whatever their confidence, unless the service is set otherwise. */
    public CaptionOptions(DecodeRequest decoding, AttentionDetail attention, @Nullable String model) {
        this(decoding, attention, model, Wording.PLAIN);
    }

    /** All defaults, of the default model. */
    public static CaptionOptions defaults() {
        return new CaptionOptions(DecodeRequest.DEFAULTS, AttentionDetail.SUMMARY, null);
    }

    /**
     * How captions are written.
     *
     * @param minConfidence confidence below which no caption is given, 0 to 1; null for the service's own
     * @param style form of the texts
     */
    public record Wording(@Nullable Float minConfidence, Style style) {
        /** The model's words, and the service's own least confidence. */
        public static final Wording PLAIN = new Wording(null, Style.PLAIN);
    }

    /** The form of a text. */
    public enum Style {
        /** The words as the vocabulary writes them. */
        PLAIN,
        /** An alternative text: an upper-case letter first, no "a picture of", at most 125 characters. */
        ALT
    }
}
