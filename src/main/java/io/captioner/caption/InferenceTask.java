package io.captioner.caption;

import io.captioner.batching.Batched;
import io.captioner.batching.Deadline;
import io.captioner.batching.DeadlineExceededException;
import io.captioner.batching.DynamicBatcher;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.CaptionListener.Source;
import io.captioner.caption.CaptionListener.Span;
import io.captioner.caption.CaptionListener.Stage;
import io.captioner.image.ImageSize;
import io.captioner.image.Photo;
import io.captioner.image.Pixels;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.registry.ModelLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The images of one request on their way to their findings. Belongs to the request's thread; closing it gives up
 * whatever is not found yet.
 *
 * <p>Each image is claimed among all {@link ResultCache}. Those that this request owns are decoded and given to the
 * device; on others it waits. If the owner of such a one gives up, for its client left or its time was over, the image
 * is claimed anew: nobody pays for another's haste.
 */
final class InferenceTask implements AutoCloseable {
    /** How often a waiting request looks whether its client is still there. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private final BoundedImageDecoder intake;
    private final ResultCache all;
    private final DynamicBatcher<BatchKey, Pixels, List<Hypothesis>> batcher;
    private final CaptionListener listener;
    private final CaptionCommand command;
    private final BatchKey batchKey;
    private final String bundle;
    private final Deadline deadline;

    private final LongSupplier nanoTime;

    private final List<Work> works = new ArrayList<>();
    private Duration decoding = Duration.ZERO;

    InferenceTask(
            BoundedImageDecoder intake,
            ResultCache all,
            DynamicBatcher<BatchKey, Pixels, List<Hypothesis>> batcher,
            CaptionListener listener,
            CaptionCommand command,
            ModelLease lease,
            DecodeOptions options,
            Deadline deadline,
            LongSupplier nanoTime) {
        this.intake = intake;
        this.all = all;
        this.batcher = batcher;
        this.listener = listener;
        this.command = command;
        this.batchKey = new BatchKey(lease.model(), options);
        this.bundle = lease.bundleSha256();
        this.deadline = deadline;
        this.nanoTime = nanoTime;
    }

    /** One image: the claim on its finding, and if it is owned, the photo and what the device was asked. */
    private static final class Work {
        final ResultCache.Claim claim;
        final @Nullable Photo photo;

        @Nullable CompletableFuture<Batched<List<Hypothesis>>> run;

        Work(ResultCache.Claim claim, @Nullable Photo photo) {
            this.claim = claim;
            this.photo = photo;
        }
    }

    /**
     * Finds what is in all images, or fails.
     *
     * @return one finding for each image, in order
     * @throws CaptionFailure naming the first image that is refused, or if the deadline passes or the client is gone
     */
    List<InferenceResult> findAll() {
        long start = nanoTime.getAsLong();
        try (Span span = listener.entered(Stage.DECODE)) {
            for (int image = 0; image < command.images().size(); image++) {
                works.add(claim(image));
            }
        }
        decoding = Duration.ofNanos(nanoTime.getAsLong() - start);
        try (Span span = listener.entered(Stage.INFERENCE)) {
            submit(works);
            List<InferenceResult> findings = new ArrayList<>(works.size());
            for (int image = 0; image < works.size(); image++) {
                findings.add(await(image));
                listener.found(works.get(image).claim.source());
            }
            return findings;
        }
    }

    /** Returns where the finding of an image came from. */
    Source source(int image) {
        return works.get(image).claim.source();
    }

    /** Returns where the time went; runs of the device that others asked for do not count. */
    CaptionResponse.Timing timing() {
        return new CaptionResponse.Timing(longest(Batched::queued), millis(decoding), longest(Batched::ran));
    }

    /** The device need not see what is given up; those that are found stay found. */
    @Override
    public void close() {
        for (Work work : works) {
            if (work.run != null) {
                work.run.cancel(false);
            }
            if (work.claim.isOwned()) {
                work.claim.finding().cancel(false);
            }
        }
    }

    private Work claim(int image) {
        requireClient();
        ImageUpload upload = command.images().get(image);
        ImageSize size = batchKey.model().manifest().input().size();
        try {
            return intake.read(upload, deadline, bytes -> {
                ResultCache.Claim claim = all.claim(ResultKey.of(bytes, bundle, batchKey.options()));
                return claim.isOwned() ? decode(claim, bytes, size) : new Work(claim, null);
            });
        } catch (CaptionFailure failure) {
            throw failure.reason() == Reason.DEADLINE_EXCEEDED || failure.reason() == Reason.NOT_READY
                    ? failure
                    : failure.atImage(image, upload.filename());
        }
    }

    private Work decode(ResultCache.Claim claim, byte[] bytes, ImageSize size) {
        try {
            return new Work(claim, intake.decode(bytes, size));
        } catch (RuntimeException | Error failure) {
            // Whoever waits for it finds out for themselves.
            claim.finding().cancel(false);
            throw failure;
        }
    }

    private void submit(List<Work> fresh) {
        List<Work> owned = fresh.stream().filter(work -> work.photo != null).toList();
        List<Pixels> pixels = owned.stream().map(InferenceTask::pixels).toList();
        List<CompletableFuture<Batched<List<Hypothesis>>>> runs =
                batcher.submitAll(batchKey, pixels, deadline, command.clientGone());
        for (int i = 0; i < owned.size(); i++) {
            owned.get(i).run = runs.get(i);
            passOn(runs.get(i), owned.get(i));
        }
    }

    private double longest(Function<Batched<?>, Duration> time) {
        return works.stream()
                .map(work -> work.run)
                .filter(run -> run != null && run.isDone() && !run.isCompletedExceptionally())
                .mapToDouble(
                        run -> millis(time.apply(Objects.requireNonNull(run).join())))
                .max()
                .orElse(0);
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private static Pixels pixels(Work work) {
        return Objects.requireNonNull(work.photo).pixels();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it only repeats the run's own future
    private static void passOn(CompletableFuture<Batched<List<Hypothesis>>> run, Work work) {
        Photo photo = Objects.requireNonNull(work.photo);
        CompletableFuture<InferenceResult> finding = work.claim.finding();
        run.whenComplete((answer, failure) -> {
            if (answer != null) {
                finding.complete(new InferenceResult(photo.width(), photo.height(), answer.output()));
            } else {
                finding.completeExceptionally(Objects.requireNonNull(failure));
            }
        });
    }

    private InferenceResult await(int image) {
        while (true) {
            Work work = works.get(image);
            try {
                long nanos = Math.min(deadline.remaining().toNanos(), LOOK.toNanos());
                return work.claim.finding().get(nanos, TimeUnit.NANOSECONDS);
            } catch (TimeoutException stillWaiting) {
                requireTime();
                requireClient();
            } catch (InterruptedException e) {
                throw Failures.interrupted(e);
            } catch (CancellationException givenUp) {
                claimAnew(image, work);
            } catch (ExecutionException e) {
                Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
                if (!(cause instanceof CancellationException || cause instanceof DeadlineExceededException)) {
                    throw failure(cause, image);
                }
                claimAnew(image, work);
            }
        }
    }

    /** The owner gave an image up: if that was this request, for good; if another, this one looks for itself. */
    private void claimAnew(int image, Work givenUp) {
        requireTime();
        requireClient();
        if (givenUp.claim.isOwned()) {
            throw Failures.clientGone();
        }
        Work work = claim(image);
        works.set(image, work);
        submit(List.of(work));
    }

    private CaptionFailure failure(Throwable cause, int image) {
        CaptionFailure failure = Failures.of(cause);
        return failure.reason() == Reason.MODEL_FAILED
                ? failure.atImage(image, command.images().get(image).filename())
                : failure;
    }

    private void requireTime() {
        if (deadline.expired()) {
            throw Failures.deadlinePassed();
        }
    }

    private void requireClient() {
        if (command.clientGone().getAsBoolean()) {
            throw Failures.clientGone();
        }
    }
}
