package io.captioner.caption;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request: images to be captioned together, all of them or none.
 *
 * @param images what was sent, in order
 * @param options what is wanted
 * @param timeout how long the sender waits, counted from the moment the service is called; null for the configured
 *     default, and never more than the configured maximum
 */
public record CaptionCommand(
        List<ImageUpload> images,
        CaptionOptions options,
        @Nullable Duration timeout) {
    /** Takes a copy of the list. */
    public CaptionCommand {
        images = List.copyOf(images);
    }
}
