package io.captioner.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.captioner.FakeCaptionModel;
import io.captioner.FakeCaptionModel.Hold;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import io.captioner.batching.Admission;
import io.captioner.batching.BatchListener;
import io.captioner.batching.BatchSettings;
import io.captioner.batching.Deadline;
import io.captioner.batching.DynamicBatcher;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.CaptionListener.Source;
import io.captioner.caption.CaptionResponse.CaptionedImage;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.model.DecodeOptions.Strategy;
import io.captioner.model.DecodeRequest;
import io.captioner.model.Hypothesis;
import io.captioner.registry.ModelRegistry;
import java.awt.Color;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class CaptionServiceTests {
    private static final BatchSettings SETTINGS = new BatchSettings(2, List.of(1, 2), 4, Duration.ZERO, 1);
    private static final CaptionOptions OPTIONS = CaptionOptions.defaults();

    private static final BooleanSupplier PRESENT = () -> false;

    private final Admission admission = new Admission(4, 0, System::nanoTime);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger refused = new AtomicInteger();
    private final List<CaptionListener.Source> found = new CopyOnWriteArrayList<>();
    private final FakeCaptionModel model = new FakeCaptionModel("colours", true);
    private final ResultCache findings =
            new ResultCache(new CacheProperties(true, DataSize.ofMegabytes(1), Duration.ofHours(1)), System::nanoTime);
    private final CaptionListener listener = new CaptionListener() {
        @Override
        public void refused(Refusal why, int images) {
            refused.addAndGet(images);
        }

        @Override
        public void found(Source source) {
            found.add(source);
        }
    };
    private final DynamicBatcher<InferenceTask.BatchKey, InferenceTask.Input, List<Hypothesis>> batcher =
            new DynamicBatcher<>(
                    "test",
                    SETTINGS,
                    InferenceTask.BatchKey::run,
                    thrown -> false,
                    Runnable::run,
                    System::nanoTime,
                    BatchListener.NONE);

    private final Path root;
    private final ModelRegistry models;
    private final CaptionService service;

    CaptionServiceTests(@TempDir Path root) throws Exception {
        this.root = root;
        models = FakeModels.registry(root, Map.of("colours", model));
        service = new CaptionService(
                models,
                new BoundedImageDecoder(new PhotoDecoder(ImageLimits.defaults()), 1),
                admission,
                batcher,
                findings,
                listener,
                AnswerKeeper.NONE,
                new RequestProperties(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30), 4),
                new TrustProperties(0),
                System::nanoTime);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        batcher.close();
    }

    private record Upload(@Nullable String filename, byte[] bytes) implements ImageUpload {
        @Override
        public long size() {
            return bytes.length;
        }
    }

    @Test
    void nothingIsCaptionedBeforeAModelIsLoaded() {
        assertThat(failure(red()).reason()).isEqualTo(Reason.NOT_READY);
        assertThat(failure(red()).getMessage()).doesNotContain(root.toString());
        models.load();
        assertThat(service.caption(command(red())).results()).hasSize(1);
    }

    @Test
    void aRefusedRequestIsHeardAndDecodesNothing() {
        models.load();
        try (var all = admission.acquire(4, Deadline.never())) {
            CaptionFailure failure = failure(new Upload("broken", new byte[] {1}));
            assertThat(failure.reason()).isEqualTo(Reason.OVERLOADED);
            assertThat(failure.retryAfter()).isNotNull();
        }
        assertThat(refused).hasValue(1);
    }

    @Test
    void thePermitComesBackWhateverHappens() {
        models.load();
        failure(new Upload("broken", new byte[] {1}));
        failure(red(), new Upload("white", Pictures.png(Color.WHITE, 9, 9)));
        service.caption(command(red(), red(), red()));

        assertThat(admission.inUse()).isZero();
    }

    @Test
    void aClosedBatcherSaysThatTheServiceShutsDown() {
        models.load();
        batcher.close();

        assertThat(failure(red()).reason()).isEqualTo(Reason.NOT_READY);
    }

    @Test
    void aTimeoutThatIsOverIsADeadlinePassed() {
        models.load();

        assertThatThrownBy(() ->
                        service.caption(new CaptionCommand(List.of(red()), OPTIONS, Duration.ofNanos(1), PRESENT)))
                .isInstanceOfSatisfying(
                        CaptionFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED));
    }

    @Test
    void theSameFileIsAnsweredFromMemoryWithTheSameCaptions() {
        models.load();
        CaptionedImage first = service.caption(command(red())).results().get(0);
        CaptionedImage again = service.caption(command(red())).results().get(0);

        assertThat(first.source()).isEqualTo(Source.DEVICE);
        assertThat(again.source()).isEqualTo(Source.CACHE);
        assertThat(again.captions()).isEqualTo(first.captions());
        assertThat(model.batchSizes()).hasSize(1);
        assertThat(found).containsExactly(Source.DEVICE, Source.CACHE);
    }

    @Test
    void anotherSearchIsAnotherRun() {
        models.load();
        service.caption(command(red()));
        CaptionOptions greedy = new CaptionOptions(
                new DecodeRequest(Strategy.GREEDY, null, null, null, null, null, null, null, null, null, null, null),
                AttentionDetail.SUMMARY,
                null);
        service.caption(new CaptionCommand(List.of(red()), greedy, null, PRESENT));

        assertThat(found).containsExactly(Source.DEVICE, Source.DEVICE);
    }

    @Test
    void twiceTheSameFileInOneRequestIsOneLook() {
        models.load();
        List<CaptionedImage> results = service.caption(command(red(), red())).results();

        assertThat(results.get(0).captions()).isEqualTo(results.get(1).captions());
        assertThat(model.batchSizes()).containsExactly(1);
        assertThat(found).containsExactly(Source.DEVICE, Source.SHARED);
    }

    @Test
    @Timeout(30)
    void filesThatAreTheSameShareOneRunWhileItIsInFlight() throws Exception {
        models.load();
        Hold hold = model.hold();
        CompletableFuture<CaptionResponse> owner = captionLater(PRESENT, red());
        await().until(hold::isReached);
        CompletableFuture<CaptionResponse> other = captionLater(PRESENT, red());
        await().until(() -> admission.inUse() == 2);
        hold.close();

        assertThat(owner.get().results().get(0).captions())
                .isEqualTo(other.get().results().get(0).captions());
        assertThat(model.batchSizes()).containsExactly(1);
    }

    @Test
    @Timeout(30)
    void whoSharesARunWhoseOwnerLeavesLooksForItself() throws Exception {
        models.load();
        Hold hold = model.hold();
        CompletableFuture<CaptionResponse> running = captionLater(PRESENT, new Upload("b", blue()));
        await().until(hold::isReached);
        AtomicBoolean gone = new AtomicBoolean();
        CompletableFuture<CaptionResponse> owner = captionLater(gone::get, red());
        await().until(() -> batcher.queued() == 1);
        CompletableFuture<CaptionResponse> other = captionLater(PRESENT, red());
        await().until(() -> admission.inUse() == 3);
        gone.set(true);

        assertThatThrownBy(owner::get)
                .cause()
                .isInstanceOfSatisfying(
                        CaptionFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.CLIENT_GONE));
        await().until(() -> batcher.queued() == 1);
        hold.close();
        assertThat(running.get().results()).hasSize(1);
        assertThat(other.get().results().get(0).captions().get(0).text()).isEqualTo("a red picture");
        assertThat(admission.inUse()).isZero();
    }

    @Test
    void aBrokenFileKeepsNobodyWaiting() {
        models.load();
        byte[] broken = Arrays.copyOf(Pictures.png(Color.RED, 9, 9), 40);
        for (int attempt = 0; attempt < 2; attempt++) {
            CaptionFailure failure = failure(red(), new Upload("broken", broken));
            assertThat(failure.reason()).isEqualTo(Reason.UNREADABLE_IMAGE);
            assertThat(failure.image()).isEqualTo(1);
        }
        assertThat(findings.inFlight()).isZero();
    }

    @Test
    void aDoorThatIsFullIsKnownBeforeAnythingIsRead() {
        models.load();
        service.requireRoom(Protocol.CAPTIONER, null);
        try (var all = admission.acquire(4, Deadline.never())) {
            assertThatThrownBy(() -> service.requireRoom(Protocol.CAPTIONER, Duration.ofSeconds(1)))
                    .isInstanceOfSatisfying(
                            CaptionFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.OVERLOADED));
        }
        assertThat(refused).hasValue(1);
        admission.close();
        assertThatThrownBy(() -> service.requireRoom(Protocol.CAPTIONER, null))
                .isInstanceOfSatisfying(
                        CaptionFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.NOT_READY));
    }

    @Test
    void anUnexpectedExceptionIsRethrown() {
        assertThatThrownBy(() -> Failures.of(new IllegalStateException("bug: x")))
                .hasMessage("bug: x");
    }

    @Test
    void optionsOutOfRangeNameTheirParameter() {
        models.load();
        CaptionOptions wide = new CaptionOptions(DecodeRequest.beam(11, null, null, null), AttentionDetail.NONE, null);
        assertThatThrownBy(() -> service.caption(new CaptionCommand(List.of(red()), wide, null, PRESENT)))
                .isInstanceOfSatisfying(CaptionFailure.class, f -> {
                    assertThat(f.reason()).isEqualTo(Reason.INVALID_PARAMETER);
                    assertThat(f.parameter()).isEqualTo("beamWidth");
                });
    }

    private CompletableFuture<CaptionResponse> captionLater(BooleanSupplier gone, ImageUpload... uploads) {
        return CompletableFuture.supplyAsync(
                () -> service.caption(new CaptionCommand(List.of(uploads), OPTIONS, null, gone)), threads);
    }

    private static byte[] blue() {
        return Pictures.png(Color.BLUE, 9, 9);
    }

    private CaptionFailure failure(ImageUpload... uploads) {
        try {
            service.caption(command(uploads));
        } catch (CaptionFailure failure) {
            return failure;
        }
        throw new AssertionError("captioned");
    }

    private static CaptionCommand command(ImageUpload... uploads) {
        return new CaptionCommand(List.of(uploads), OPTIONS, null, PRESENT);
    }

    private static ImageUpload red() {
        return new Upload("red.png", Pictures.png(Color.RED, 9, 9));
    }
}
