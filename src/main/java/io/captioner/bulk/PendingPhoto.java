package io.captioner.bulk;

import io.captioner.batching.BatchFailedException;
import io.captioner.batching.Batched;
import io.captioner.caption.CaptionFailure;
import io.captioner.image.Photo;
import io.captioner.image.Pixels;
import io.captioner.model.CaptionModel;
import io.captioner.model.Hypothesis;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A photo between its file and its caption.
 *
 * @param refusal the error, if it is not submitted to the device
 * @param photo its pixels, until the device has them
 * @param run the device's answer
 */
record PendingPhoto(
        @Nullable PhotoCaption refusal,
        @Nullable Photo photo,
        @Nullable CompletableFuture<Batched<List<Hypothesis>>> run) {
    static PendingPhoto refused(PhotoCaption refusal) {
        return new PendingPhoto(refusal, null, null);
    }

    static PendingPhoto decoded(Photo photo) {
        return new PendingPhoto(null, photo, null);
    }

    PendingPhoto with(CompletableFuture<Batched<List<Hypothesis>>> answer) {
        return new PendingPhoto(null, photo, answer);
    }

    @Nullable Pixels pixels() {
        return photo == null ? null : photo.pixels();
    }

    /**
     * Waits for the device.
     *
     * @throws io.captioner.model.ModelFailedException if the device cannot even caption a black image
     */
    PhotoCaption await(CaptionModel model, PhotoCaption.Origin origin) {
        if (refusal != null) {
            return refusal;
        }
        List<Hypothesis> hypotheses;
        try {
            hypotheses = Objects.requireNonNull(run).join().output();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof BatchFailedException)) {
                throw e;
            }
            // A broken device would give an error for every photo.
            model.warmUp(1);
            return origin.failed(
                    CaptionFailure.Reason.MODEL_FAILED.name(), "The model failed on this photo, but not on others.");
        }
        Photo decoded = Objects.requireNonNull(photo);
        List<Hypothesis> found = hypotheses.stream()
                .filter(hypothesis -> hypothesis.tokens().length > 0)
                .toList();
        return found.isEmpty()
                ? origin.failed(
                        CaptionFailure.Reason.NOTHING_TO_CAPTION.name(), "The model found no words for this photo.")
                : origin.captioned(decoded.width(), decoded.height(), found.get(0), found, model);
    }
}
