package io.captioner.caption;

import io.captioner.model.DecodeRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants of its captions.
 *
 * @param decoding how they are decoded
 * @param attention how much of the attention is returned
 * @param model the model's name, null for the default model
 */
public record CaptionOptions(
        DecodeRequest decoding,
        AttentionDetail attention,
        @Nullable String model) {
    /** All defaults, of the default model. */
    public static CaptionOptions defaults() {
        return new CaptionOptions(DecodeRequest.DEFAULTS, AttentionDetail.SUMMARY, null);
    }
}
