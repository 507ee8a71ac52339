package io.captioner.caption;

import io.captioner.batching.Deadline;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.image.ImagePreparation;
import io.captioner.image.Photo;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.UnreadableImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Decodes uploads to photos on the thread of their request, at most a given number at a time: more would not be faster,
 * and each may hold a large file and its pixels. Safe for use by several threads.
 */
final class BoundedImageDecoder {
    private final PhotoDecoder decoder;
    private final Semaphore slots;

    /**
     * A decoder with all slots free.
     *
     * @param slots images decoded at the same time, at least 1
     */
    BoundedImageDecoder(PhotoDecoder decoder, int slots) {
        this.decoder = decoder;
        this.slots = new Semaphore(slots, true);
    }

    /**
     * Reads an upload and passes its bytes to {@code use} while it holds a slot.
     *
     * @throws CaptionFailure if the upload has no bytes, or the deadline passes before a slot is free
     */
    <T> T read(ImageUpload upload, Deadline deadline, Function<byte[], T> use) {
        if (upload.size() == 0) {
            throw CaptionFailure.of(
                    Reason.EMPTY_IMAGE, "The image has no bytes: check that the file is not empty, and send it again.");
        }
        try {
            if (!slots.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw Failures.deadlinePassed();
            }
        } catch (InterruptedException e) {
            throw Failures.interrupted(e);
        }
        try {
            return use.apply(upload.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("an upload could not be read back from the disk", e);
        } finally {
            slots.release();
        }
    }

    /**
     * Decodes one photo.
     *
     * @throws CaptionFailure if it is rejected
     */
    Photo decode(byte[] content, ImagePreparation preparation) {
        try {
            return decoder.decode(content, preparation);
        } catch (UnreadableImageException refused) {
            throw CaptionFailure.of(Failures.reason(refused.reason()), String.valueOf(refused.getMessage()));
        }
    }
}
