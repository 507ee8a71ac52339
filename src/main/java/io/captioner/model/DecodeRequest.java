package io.captioner.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Wishes for how captions are found; null stands for the bundle's default.
 *
 * @param beamWidth as {@link DecodeOptions#beamWidth}
 * @param maxWords as {@link DecodeOptions#maxWords}; more than the bundle's longest caption asks for no more than that
 * @param lengthPenalty as {@link DecodeOptions#lengthPenalty}
 * @param noRepeatNgram as {@link DecodeOptions#noRepeatNgram}
 * @param sampling how words are sampled; null to search for them
 */
public record DecodeRequest(
        @Nullable Integer beamWidth,
        @Nullable Integer maxWords,
        @Nullable Float lengthPenalty,
        @Nullable Integer noRepeatNgram,
        @Nullable Sampling sampling) {
    /** The bundle's own search. */
    public static final DecodeRequest DEFAULTS = new DecodeRequest(null, null, null, null, null);

    /**
     * Fills in a bundle's defaults.
     *
     * @throws IllegalArgumentException if a wish is out of its range
     */
    public DecodeOptions resolve(Manifest manifest) {
        DecodeOptions defaults = manifest.defaults();
        return new DecodeOptions(
                Objects.requireNonNullElse(beamWidth, defaults.beamWidth()),
                Math.min(Objects.requireNonNullElse(maxWords, defaults.maxWords()), manifest.maxLength()),
                Objects.requireNonNullElse(lengthPenalty, defaults.lengthPenalty()),
                Objects.requireNonNullElse(noRepeatNgram, defaults.noRepeatNgram()),
                sampling);
    }
}
