package io.captioner.caption;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to score texts as captions of an image.
 *
 * @param image what was sent
 * @param texts 1 to {@value #MAX_TEXTS}, each of 1 to {@value #MAX_CHARACTERS} characters
 * @param attention how much of the attention is returned
 * @param lengthPenalty exponent by which longer texts are favoured in the ranking; null for that of the bundle
 * @param model the model's name, null for the default model
 * @param timeout as in {@link CaptionCommand}
 * @param clientGone as in {@link CaptionCommand}
 */
public record ScoreCommand(
        ImageUpload image,
        List<String> texts,
        AttentionDetail attention,
        @Nullable Float lengthPenalty,
        @Nullable String model,
        @Nullable Duration timeout,
        BooleanSupplier clientGone) {
    /** Most texts in a request. */
    public static final int MAX_TEXTS = 32;

    /** Longest text; no sentence that a model can score is that long. */
    public static final int MAX_CHARACTERS = 1000;

    /** Takes a copy of the list. */
    public ScoreCommand {
        texts = List.copyOf(texts);
    }
}
