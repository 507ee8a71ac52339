package io.captioner.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the archive: the best caption of a photo, without its thumbnail.
 *
 * @param id 32 hexadecimal digits that follow from photo, bundle and search: the same answer has the same id
 * @param sha256 SHA-256 of the file that was sent, in hexadecimal
 * @param time when it was first answered, to the millisecond
 * @param filename the name that the sender gave it, null for none
 * @param width columns of the upright photo
 * @param height rows of the upright photo
 * @param text the model's caption
 * @param confidence as the answer had it, 0 to 1
 * @param logProbability natural-log probability of the caption
 * @param model name and version, such as {@code show-attend-tell/8}
 * @param bundleSha256 SHA-256 of the bundle's manifest
 * @param correction what a person wrote instead, null for nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ArchivedCaption(
        String id,
        String sha256,
        Instant time,
        @Nullable String filename,
        int width,
        int height,
        String text,
        double confidence,
        double logProbability,
        String model,
        String bundleSha256,
        @Nullable Correction correction) {
    /**
     * A text that a person wrote instead of the model's.
     *
     * @param text 1 to {@value #MAX_LENGTH} characters
     * @param time when it was written
     */
    public record Correction(String text, Instant time) {
        /** Longest text, in UTF-16 units. */
        public static final int MAX_LENGTH = 2000;
    }

    ArchivedCaption with(@Nullable Correction corrected) {
        return new ArchivedCaption(
                id,
                sha256,
                time,
                filename,
                width,
                height,
                text,
                confidence,
                logProbability,
                model,
                bundleSha256,
                corrected);
    }
}
