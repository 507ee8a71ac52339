package io.captioner.caption;

import io.captioner.batching.Admission;
import io.captioner.batching.BatchListener;
import io.captioner.batching.Batched;
import io.captioner.batching.Deadline;
import io.captioner.batching.DynamicBatcher;
import io.captioner.batching.OverloadedException;
import io.captioner.batching.Permit;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.CaptionResponse.CaptionedImage;
import io.captioner.image.Photo;
import io.captioner.image.Pixels;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.model.ModelLease;
import io.captioner.model.ModelRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The use case: image bytes in, captions with attention out. Runs on the thread of the request, which waits for the
 * device; safe for use by several threads.
 */
public final class CaptionService {
    private final ModelRegistry models;
    private final PhotoIntake intake;
    private final Admission admission;
    private final DynamicBatcher<BatchKey, Pixels, List<Hypothesis>> batcher;
    private final BatchListener listener;
    private final RequestProperties limits;
    private final LongSupplier nanoTime;

    /**
     * A service over the given rooms.
     *
     * @param listener hears of images that the admission refuses
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    CaptionService(
            ModelRegistry models,
            PhotoIntake intake,
            Admission admission,
            DynamicBatcher<BatchKey, Pixels, List<Hypothesis>> batcher,
            BatchListener listener,
            RequestProperties limits,
            LongSupplier nanoTime) {
        this.models = models;
        this.intake = intake;
        this.admission = admission;
        this.batcher = batcher;
        this.listener = listener;
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /**
     * Captions all images of a request, or none of them.
     *
     * @throws CaptionFailure if it does not, with the reason
     */
    public CaptionResponse caption(CaptionCommand command) {
        try {
            Deadline deadline = Deadline.after(timeout(command.timeout()), nanoTime);
            requireAllowed(command.images().size());
            try (ModelLease lease = models.lease(command.options().model())) {
                DecodeOptions options = decodeOptions(command.options(), lease.model());
                try (Permit permit = acquire(command.images().size(), deadline)) {
                    return caption(command, lease, options, deadline);
                }
            }
        } catch (RuntimeException thrown) {
            throw Failures.of(thrown);
        }
    }

    private CaptionResponse caption(
            CaptionCommand command, ModelLease lease, DecodeOptions options, Deadline deadline) {
        CaptionModel model = lease.model();
        long start = nanoTime.getAsLong();
        List<Photo> photos =
                intake.decode(command.images(), model.manifest().input().size(), deadline);
        Duration decoding = Duration.ofNanos(nanoTime.getAsLong() - start);

        List<Batched<List<Hypothesis>>> answers = run(command, model, options, photos, deadline);

        CaptionWriter writer = new CaptionWriter(model, command.options().attention());
        int alternatives = Objects.requireNonNullElse(command.options().alternatives(), 1);
        List<CaptionedImage> results = new ArrayList<>();
        for (int i = 0; i < photos.size(); i++) {
            String filename = command.images().get(i).filename();
            CaptionedImage result =
                    writer.write(filename, photos.get(i), answers.get(i).output(), alternatives);
            if (result.captions().isEmpty()) {
                throw CaptionFailure.of(
                                Reason.NOTHING_TO_CAPTION,
                                "The model found no words for this image: try another photo.")
                        .atImage(i, filename);
            }
            results.add(result);
        }
        return new CaptionResponse(
                new CaptionResponse.Model(
                        model.manifest().name(), model.manifest().version(), lease.bundleSha256()),
                results,
                new CaptionResponse.Timing(
                        longestMillis(answers, Batched::queued),
                        millis(decoding),
                        longestMillis(answers, Batched::ran)));
    }

    private List<Batched<List<Hypothesis>>> run(
            CaptionCommand command, CaptionModel model, DecodeOptions options, List<Photo> photos, Deadline deadline) {
        List<Pixels> pixels = photos.stream().map(Photo::pixels).toList();
        List<CompletableFuture<Batched<List<Hypothesis>>>> futures =
                batcher.submitAll(new BatchKey(model, options), pixels, deadline);
        try {
            List<Batched<List<Hypothesis>>> answers = new ArrayList<>(futures.size());
            for (int i = 0; i < futures.size(); i++) {
                answers.add(await(futures.get(i), i, command.images().get(i).filename(), deadline));
            }
            return answers;
        } finally {
            // One that failed fails the request: the device need not see the others. Those that are done stay done.
            futures.forEach(future -> future.cancel(false));
        }
    }

    private static <T> T await(CompletableFuture<T> future, int index, @Nullable String filename, Deadline deadline) {
        try {
            return future.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw Failures.deadlinePassed();
        } catch (InterruptedException e) {
            throw Failures.interrupted(e);
        } catch (ExecutionException e) {
            CaptionFailure failure = Failures.of(Objects.requireNonNullElse(e.getCause(), e));
            throw failure.reason() == Reason.MODEL_FAILED ? failure.atImage(index, filename) : failure;
        }
    }

    private Permit acquire(int images, Deadline deadline) {
        try {
            return admission.acquire(images, deadline);
        } catch (OverloadedException overloaded) {
            listener.refused(images);
            throw overloaded;
        }
    }

    private Duration timeout(@Nullable Duration wanted) {
        Duration timeout = wanted == null ? limits.timeout() : wanted;
        return timeout.compareTo(limits.maxTimeout()) > 0 ? limits.maxTimeout() : timeout;
    }

    private void requireAllowed(int images) {
        if (images < 1) {
            throw CaptionFailure.of(Reason.MISSING_IMAGE, "Send at least one image.");
        }
        if (images > limits.maxImages()) {
            throw CaptionFailure.of(
                    Reason.TOO_MANY_IMAGES,
                    "A request may have at most %d images, not %d: send them in several requests."
                            .formatted(limits.maxImages(), images));
        }
    }

    private static DecodeOptions decodeOptions(CaptionOptions wanted, CaptionModel model) {
        DecodeOptions defaults = model.manifest().defaults();
        int beamWidth = Objects.requireNonNullElse(wanted.beamWidth(), defaults.beamWidth());
        int alternatives = Objects.requireNonNullElse(wanted.alternatives(), 1);
        if (alternatives > beamWidth) {
            throw CaptionFailure.invalidParameter(
                    "alternatives",
                    "alternatives is %d, but a beam of width %d holds no more than %d captions: ask for fewer, or for a wider beam."
                            .formatted(alternatives, beamWidth, beamWidth));
        }
        int maxWords = Objects.requireNonNullElse(wanted.maxWords(), defaults.maxWords());
        return new DecodeOptions(
                beamWidth,
                Math.min(maxWords, model.manifest().maxLength()),
                Objects.requireNonNullElse(wanted.lengthPenalty(), defaults.lengthPenalty()));
    }

    private static double longestMillis(
            List<Batched<List<Hypothesis>>> answers, Function<Batched<List<Hypothesis>>, Duration> time) {
        return answers.stream()
                .map(time)
                .mapToDouble(CaptionService::millis)
                .max()
                .orElse(0);
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
