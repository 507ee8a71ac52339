package io.captioner.caption;

import io.captioner.batching.BatchRejectedException;
import io.captioner.batching.Batched;
import io.captioner.batching.Deadline;
import io.captioner.batching.DynamicBatcher;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.CaptionListener.Source;
import io.captioner.caption.CaptionListener.Span;
import io.captioner.caption.CaptionListener.Stage;
import io.captioner.image.ImagePreparation;
import io.captioner.image.Photo;
import io.captioner.image.Pixels;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.registry.ModelLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The images of one request on their way to their results. Belongs to the request's thread; closing it cancels what is
 * not done yet.
 *
 * <p>Each image claims its result in the {@link ResultCache}. The images that this request owns are decoded and
 * submitted to the device; for the others it waits. If the owner of one of those gives up, because its client left or
 * its deadline passed, the image is claimed again, so that no request fails for another's timeout.
 */
final class InferenceTask implements AutoCloseable {
    /** How often a waiting request checks whether its client is still connected. */
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

    private final BoundedImageDecoder decoder;
    private final ResultCache results;
    private final DynamicBatcher<BatchKey, Input, List<Hypothesis>> batcher;
    private final CaptionListener listener;
    private final AnswerKeeper keeper;
    private final Request request;
    private final BatchKey batchKey;
    private final String bundle;
    private final Deadline deadline;

    private final LongSupplier nanoTime;

    private final List<Work> works = new ArrayList<>();
    private Duration decoding = Duration.ZERO;

    InferenceTask(
            BoundedImageDecoder decoder,
            ResultCache results,
            DynamicBatcher<BatchKey, Input, List<Hypothesis>> batcher,
            CaptionListener listener,
            AnswerKeeper keeper,
            Request request,
            ModelLease lease,
            Deadline deadline,
            LongSupplier nanoTime) {
        this.decoder = decoder;
        this.results = results;
        this.batcher = batcher;
        this.listener = listener;
        this.keeper = keeper;
        this.request = request;
        this.batchKey = new BatchKey(lease.model(), request.options());
        this.bundle = lease.bundleSha256();
        this.deadline = deadline;
        this.nanoTime = nanoTime;
    }

    /**
     * What is asked of images.
     *
     * @param options how captions are decoded; null to score texts
     * @param texts word ids of the texts to score; empty for captions
     * @param clientGone whether the client has left
     */
    record Request(
            List<ImageUpload> images, @Nullable DecodeOptions options, List<int[]> texts, BooleanSupplier clientGone) {}

    /**
     * What the images of one batch have in common.
     *
     * @param model compared by identity
     * @param options how captions are decoded; null to score texts
     */
    record BatchKey(CaptionModel model, @Nullable DecodeOptions options) {
        /** Runs a batch on the device. */
        List<List<Hypothesis>> run(List<Input> inputs) {
            List<Pixels> images = inputs.stream().map(Input::pixels).toList();
            return options == null
                    ? model.score(images, inputs.stream().map(Input::texts).toList())
                    : model.caption(images, options);
        }
    }

    /**
     * An image on its way to the device.
     *
     * @param texts word ids of the texts to score; empty for captions
     */
    record Input(Pixels pixels, List<int[]> texts) {}

    /** One image: its entry in the cache, and if this request owns that, the photo and its run on the device. */
    private static final class Work {
        final ResultCache.Entry entry;
        final String sha256;
        final @Nullable Photo photo;

        @Nullable CompletableFuture<Batched<List<Hypothesis>>> run;

        byte @Nullable [] thumbnail;

        Work(ResultCache.Entry entry, String sha256, @Nullable Photo photo) {
            this.entry = entry;
            this.sha256 = sha256;
            this.photo = photo;
        }
    }

    /**
     * Decodes and captions all images, or fails.
     *
     * @return one result for each image, in order
     * @throws CaptionFailure naming the first image that is rejected, or if the deadline passes or the client leaves
     */
    List<InferenceResult> runAll() {
        try (DynamicBatcher<BatchKey, Input, List<Hypothesis>>.Announcement coming =
                batcher.announce(batchKey, request.images().size())) {
            long start = nanoTime.getAsLong();
            try (Span span = listener.entered(Stage.DECODE)) {
                for (int image = 0; image < request.images().size(); image++) {
                    works.add(claim(image));
                }
            }
            decoding = Duration.ofNanos(nanoTime.getAsLong() - start);
            submit(works, inputs -> coming.submit(inputs, deadline, request.clientGone()));
        }
        try (Span span = listener.entered(Stage.INFERENCE)) {
            makeThumbnails();
            List<InferenceResult> done = new ArrayList<>(works.size());
            for (int image = 0; image < works.size(); image++) {
                done.add(await(image));
                listener.found(works.get(image).entry.source());
            }
            return done;
        }
    }

    /** Returns where the result of an image came from. */
    Source source(int image) {
        return works.get(image).entry.source();
    }

    /** Returns what an image was captioned from. */
    AnswerKeeper.Original original(int image) {
        Work work = works.get(image);
        return new AnswerKeeper.Original(request.images().get(image), work.sha256, work.thumbnail);
    }

    /** Returns where the time went; runs of the device for other requests do not count. */
    CaptionResponse.Timing timing() {
        return new CaptionResponse.Timing(longest(Batched::queued), millis(decoding), longest(Batched::ran));
    }

    /** Cancels the runs that are not done; results that are done stay. */
    @Override
    public void close() {
        for (Work work : works) {
            if (work.run != null) {
                work.run.cancel(false);
            }
            if (work.entry.isOwned()) {
                work.entry.result().cancel(false);
            }
        }
    }

    /** The device has the photos, and this thread has nothing else to do. */
    private void makeThumbnails() {
        for (Work work : works) {
            if (work.photo != null) {
                work.thumbnail = keeper.thumbnail(work.photo);
            }
        }
    }

    private Work claim(int image) {
        requireClient();
        ImageUpload upload = request.images().get(image);
        ImagePreparation preparation = batchKey.model().manifest().input().preparation();
        try {
            return decoder.read(upload, deadline, bytes -> {
                ResultCache.Key key = ResultCache.Key.of(bytes, bundle, request.options(), request.texts());
                ResultCache.Entry entry = results.claim(key);
                return entry.isOwned()
                        ? decode(entry, key.content(), bytes, preparation)
                        : new Work(entry, key.content(), null);
            });
        } catch (CaptionFailure failure) {
            throw failure.reason() == Reason.DEADLINE_EXCEEDED || failure.reason() == Reason.NOT_READY
                    ? failure
                    : failure.atImage(image, upload.filename());
        }
    }

    private Work decode(ResultCache.Entry entry, String sha256, byte[] bytes, ImagePreparation preparation) {
        try {
            return new Work(entry, sha256, decoder.decode(bytes, preparation));
        } catch (RuntimeException | Error failure) {
            // Requests that wait for the result decode the image themselves.
            entry.result().cancel(false);
            throw failure;
        }
    }

    private void submit(
            List<Work> fresh, Function<List<Input>, List<CompletableFuture<Batched<List<Hypothesis>>>>> device) {
        List<Work> owned = fresh.stream().filter(work -> work.photo != null).toList();
        List<CompletableFuture<Batched<List<Hypothesis>>>> runs =
                device.apply(owned.stream().map(this::input).toList());
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

    private Input input(Work work) {
        return new Input(Objects.requireNonNull(work.photo).pixels(), request.texts());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it only repeats the run's own future
    private static void passOn(CompletableFuture<Batched<List<Hypothesis>>> run, Work work) {
        Photo photo = Objects.requireNonNull(work.photo);
        CompletableFuture<InferenceResult> result = work.entry.result();
        run.whenComplete((answer, failure) -> {
            if (answer != null) {
                result.complete(new InferenceResult(photo.width(), photo.height(), answer.output()));
            } else {
                result.completeExceptionally(Objects.requireNonNull(failure));
            }
        });
    }

    private InferenceResult await(int image) {
        while (true) {
            Work work = works.get(image);
            try {
                awaitDone(work.entry.result());
                return work.entry.result().get();
            } catch (InterruptedException e) {
                throw Failures.interrupted(e);
            } catch (CancellationException givenUp) {
                claimAgain(image, work);
            } catch (ExecutionException e) {
                Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
                if (!(cause instanceof CancellationException || isDeadlineExceeded(cause))) {
                    throw failure(cause, image);
                }
                claimAgain(image, work);
            }
        }
    }

    /** Waits by a latch: the stack trace of a future's timeout takes longer than all else that a check does. */
    @SuppressWarnings("FutureReturnValueIgnored") // it only repeats the result's own future
    private void awaitDone(CompletableFuture<InferenceResult> result) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        result.whenComplete((found, failure) -> done.countDown());
        while (!done.await(Math.min(deadline.remaining().toNanos(), CHECK_INTERVAL.toNanos()), TimeUnit.NANOSECONDS)) {
            requireTime();
            requireClient();
        }
    }

    /** The owner cancelled an image: if that was this request, it fails; if another, this one claims it again. */
    private void claimAgain(int image, Work givenUp) {
        requireTime();
        requireClient();
        if (givenUp.entry.isOwned()) {
            throw Failures.clientGone();
        }
        Work work = claim(image);
        works.set(image, work);
        submit(List.of(work), inputs -> batcher.submitAll(batchKey, inputs, deadline, request.clientGone()));
    }

    private static boolean isDeadlineExceeded(Throwable cause) {
        return cause instanceof BatchRejectedException rejected
                && rejected.reason() == BatchRejectedException.Reason.DEADLINE_EXCEEDED;
    }

    private CaptionFailure failure(Throwable cause, int image) {
        CaptionFailure failure = Failures.of(cause);
        return failure.reason() == Reason.MODEL_FAILED
                ? failure.atImage(image, request.images().get(image).filename())
                : failure;
    }

    private void requireTime() {
        if (deadline.expired()) {
            throw Failures.deadlinePassed();
        }
    }

    private void requireClient() {
        if (request.clientGone().getAsBoolean()) {
            throw Failures.clientGone();
        }
    }
}
