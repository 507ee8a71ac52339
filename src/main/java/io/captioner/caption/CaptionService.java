package io.captioner.caption;

import io.captioner.batching.Admission;
import io.captioner.batching.BatchRejectedException;
import io.captioner.batching.Deadline;
import io.captioner.batching.DynamicBatcher;
import io.captioner.batching.Permit;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.CaptionListener.Refusal;
import io.captioner.caption.CaptionResponse.CaptionedImage;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeRequest;
import io.captioner.model.Hypothesis;
import io.captioner.registry.ModelLease;
import io.captioner.registry.ModelRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The use case: image bytes in, captions with attention out. Runs on the thread of the request, which waits for the
 * device; safe for use by several threads.
 */
public final class CaptionService {
    private final ModelRegistry models;
    private final BoundedImageDecoder decoder;
    private final Admission admission;
    private final DynamicBatcher<InferenceTask.BatchKey, InferenceTask.Input, List<Hypothesis>> batcher;
    private final ResultCache results;
    private final CaptionListener listener;
    private final RequestProperties limits;
    private final LongSupplier nanoTime;

    /**
     * A service over the given parts.
     *
     * @param listener receives the events of every request
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    CaptionService(
            ModelRegistry models,
            BoundedImageDecoder decoder,
            Admission admission,
            DynamicBatcher<InferenceTask.BatchKey, InferenceTask.Input, List<Hypothesis>> batcher,
            ResultCache results,
            CaptionListener listener,
            RequestProperties limits,
            LongSupplier nanoTime) {
        this.models = models;
        this.decoder = decoder;
        this.admission = admission;
        this.batcher = batcher;
        this.results = results;
        this.listener = listener;
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /**
     * Captions all images of a request, or none of them.
     *
     * @throws CaptionFailure with the reason, if it captions none
     */
    public CaptionResponse caption(CaptionCommand command) {
        return answer(command.protocol(), command.images().size(), () -> respond(command, deadline(command.timeout())));
    }

    /**
     * Scores texts as captions of an image.
     *
     * @throws CaptionFailure with the reason, if it does not
     */
    public ScoreResponse score(ScoreCommand command) {
        return answer(Protocol.CAPTIONER, 1, () -> respond(command, deadline(command.timeout())));
    }

    private <T> T answer(Protocol protocol, int images, Supplier<T> respond) {
        long start = nanoTime.getAsLong();
        try {
            T response = respond.get();
            listener.answered(protocol, images, since(start));
            return response;
        } catch (RuntimeException thrown) {
            CaptionFailure failure = Failures.of(thrown);
            listener.failed(protocol, failure.reason(), since(start));
            throw failure;
        }
    }

    /**
     * Rejects a request before its body is read, if not even one image of it could be captioned in time.
     *
     * @param protocol how the request comes
     * @param timeout how long the client waits, null for the configured default
     * @throws CaptionFailure if it is rejected
     */
    public void requireRoom(Protocol protocol, @Nullable Duration timeout) {
        try {
            Deadline deadline = deadline(timeout);
            admit(1, () -> {
                admission.requireRoom(1, deadline);
                return true;
            });
        } catch (RuntimeException thrown) {
            CaptionFailure failure = Failures.of(thrown);
            listener.failed(protocol, failure.reason(), Duration.ZERO);
            throw failure;
        }
    }

    private CaptionResponse respond(CaptionCommand command, Deadline deadline) {
        int images = command.images().size();
        requireAllowed(images);
        try (ModelLease lease = models.lease(command.options().model())) {
            DecodeOptions options =
                    command.options().decoding().resolve(lease.model().manifest());
            InferenceTask.Request request =
                    new InferenceTask.Request(command.images(), options, List.of(), command.clientGone());
            try (Permit permit = admit(images, () -> admission.acquire(images, deadline));
                    InferenceTask task = task(request, lease, deadline)) {
                return write(command, lease, options, task);
            }
        }
    }

    private ScoreResponse respond(ScoreCommand command, Deadline deadline) {
        try (ModelLease lease = models.lease(command.model())) {
            CaptionModel model = lease.model();
            float lengthPenalty = DecodeRequest.beam(null, null, command.lengthPenalty(), null)
                    .resolve(model.manifest())
                    .lengthPenalty();
            ScoredTexts texts = new ScoredTexts(model, command.texts());
            InferenceTask.Request request =
                    new InferenceTask.Request(List.of(command.image()), null, texts.ids(), command.clientGone());
            try (Permit permit = admit(1, () -> admission.acquire(1, deadline));
                    InferenceTask task = task(request, lease, deadline)) {
                InferenceResult result = task.runAll().get(0);
                listener.scored(command.texts().size());
                return new ScoreResponse(
                        model(lease),
                        lengthPenalty,
                        command.image().filename(),
                        result.width(),
                        result.height(),
                        task.source(0),
                        texts.write(result, command.attention(), lengthPenalty),
                        task.timing());
            }
        }
    }

    private InferenceTask task(InferenceTask.Request request, ModelLease lease, Deadline deadline) {
        return new InferenceTask(decoder, results, batcher, listener, request, lease, deadline, nanoTime);
    }

    private static CaptionResponse.Model model(ModelLease lease) {
        CaptionModel model = lease.model();
        return new CaptionResponse.Model(
                model.manifest().name(), model.manifest().version(), lease.bundleSha256(), model.device());
    }

    private CaptionResponse write(CaptionCommand command, ModelLease lease, DecodeOptions options, InferenceTask task) {
        List<InferenceResult> found = task.runAll();
        CaptionModel model = lease.model();
        CaptionWriter writer = new CaptionWriter(model, command.options().attention());
        int alternatives =
                Objects.requireNonNullElse(command.options().decoding().alternatives(), 1);
        List<CaptionedImage> written = new ArrayList<>();
        for (int image = 0; image < found.size(); image++) {
            String filename = command.images().get(image).filename();
            List<Hypothesis> captions = captions(found.get(image), image, filename);
            written.add(writer.write(filename, found.get(image), captions, alternatives, task.source(image)));
            listener.captioned(
                    CaptionQualityStats.of(captions.get(0), model.manifest().attentionGrid()));
        }
        return new CaptionResponse(model(lease), options, written, task.timing());
    }

    /** A hypothesis without words is no caption. */
    private static List<Hypothesis> captions(InferenceResult result, int image, @Nullable String filename) {
        List<Hypothesis> captions = result.hypotheses().stream()
                .filter(hypothesis -> hypothesis.tokens().length > 0)
                .toList();
        if (captions.isEmpty()) {
            throw CaptionFailure.of(
                            Reason.NOTHING_TO_CAPTION, "The model found no words for this image: try another photo.")
                    .atImage(image, filename);
        }
        return captions;
    }

    private <T> T admit(int images, Supplier<T> admit) {
        try {
            return admit.get();
        } catch (BatchRejectedException rejected) {
            listener.refused(
                    switch (rejected.reason()) {
                        case NO_PERMITS, QUEUE_FULL -> Refusal.NO_ROOM;
                        case TOO_LATE, DEADLINE_EXCEEDED -> Refusal.TOO_LATE;
                        case ADMISSION_CLOSED, BATCHER_CLOSED -> Refusal.SHUTTING_DOWN;
                    },
                    images);
            throw rejected;
        }
    }

    private Deadline deadline(@Nullable Duration wanted) {
        return Deadline.after(timeout(wanted), nanoTime);
    }

    private Duration since(long start) {
        return Duration.ofNanos(nanoTime.getAsLong() - start);
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
}
