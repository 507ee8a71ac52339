package io.captioner.caption;

import io.captioner.batching.Deadline;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.image.ImageSize;
import io.captioner.image.Photo;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.UnreadableImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The room where uploads become photos, on the thread of their request. Only so many are decoded at the same time: more
 * would not be faster, and each may hold the pixels of a large photo. Safe for use by several threads.
 */
final class PhotoIntake {
    private final PhotoDecoder decoder;
    private final Semaphore slots;

    /**
     * An intake with all slots free.
     *
     * @param slots images decoded at the same time, at least 1
     */
    PhotoIntake(PhotoDecoder decoder, int slots) {
        this.decoder = decoder;
        this.slots = new Semaphore(slots, true);
    }

    /**
     * Decodes all uploads, in order.
     *
     * @throws CaptionFailure naming the first that is refused, or if the deadline passes
     */
    List<Photo> decode(List<ImageUpload> uploads, ImageSize size, Deadline deadline) {
        List<Photo> photos = new ArrayList<>(uploads.size());
        for (ImageUpload upload : uploads) {
            photos.add(inSlot(upload, photos.size(), size, deadline));
        }
        return photos;
    }

    private Photo inSlot(ImageUpload upload, int index, ImageSize size, Deadline deadline) {
        try {
            if (!slots.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw Failures.deadlinePassed();
            }
        } catch (InterruptedException e) {
            throw Failures.interrupted(e);
        }
        try {
            return decode(upload, index, size);
        } finally {
            slots.release();
        }
    }

    private Photo decode(ImageUpload upload, int index, ImageSize size) {
        if (upload.size() == 0) {
            throw CaptionFailure.of(
                            Reason.EMPTY_IMAGE,
                            "The image has no bytes: check that the file is not empty, and send it again.")
                    .atImage(index, upload.filename());
        }
        try {
            return decoder.decode(upload.bytes(), size);
        } catch (UnreadableImageException refused) {
            throw CaptionFailure.of(Failures.reason(refused.reason()), String.valueOf(refused.getMessage()))
                    .atImage(index, upload.filename());
        } catch (IOException e) {
            throw new UncheckedIOException("an upload could not be read back from the disk", e);
        }
    }
}
