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
 * @param language in which language
 */
public record CaptionOptions(
        DecodeRequest decoding,
        AttentionDetail attention,
        @Nullable String model,
        Wording wording,
        Language language) {
    /** Plain captions in the model's language. */
    public CaptionOptions(DecodeRequest decoding, AttentionDetail attention, @Nullable String model) {
        this(decoding, attention, model, Wording.PLAIN, new Language(null, null));
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

    /**
     * The language of captions.
     *
     * @param wanted BCP 47 tag of the language that they must have; null for any
     * @param accepted weighted BCP 47 ranges as the header Accept-Language has them, which choose where no model is
     *     named; null for none
     */
    public record Language(
            @Nullable String wanted, @Nullable String accepted) {}

    /** The form of a text. */
    public enum Style {
        /** The words as the vocabulary writes them. */
        PLAIN,
        /** An alternative text: an upper-case letter first, no "a picture of", at most 125 characters. */
        ALT
    }
}
