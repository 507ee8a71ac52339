package io.captioner.caption;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request: images to be captioned together, all of them or none.
 *
 * @param images what was sent, in order
 * @param options what is wanted
 * @param timeout how long the client waits, counted from the moment the service is called; null for the configured
 *     default, and never more than the configured maximum
 * @param clientGone whether the client has left; called repeatedly while the request waits, by its own thread and by
 *     the device's, and must return at once
 * @param protocol how the request came
 */
public record CaptionCommand(
        List<ImageUpload> images,
        CaptionOptions options,
        @Nullable Duration timeout,
        BooleanSupplier clientGone,
        Protocol protocol) {
    /** Takes a copy of the list. */
    public CaptionCommand {
        images = List.copyOf(images);
    }

    /** A request by the service's own protocol. */
    public CaptionCommand(
            List<ImageUpload> images, CaptionOptions options, @Nullable Duration timeout, BooleanSupplier clientGone) {
        this(images, options, timeout, clientGone, Protocol.CAPTIONER);
    }
}
