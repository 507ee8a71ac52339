package io.captioner.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.FakeCaptionModel;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import io.captioner.batching.Admission;
import io.captioner.batching.BatchListener;
import io.captioner.batching.BatchSettings;
import io.captioner.batching.DynamicBatcher;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.image.ImageLimits;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.model.Hypothesis;
import io.captioner.model.ModelRegistry;
import java.awt.Color;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class CaptionServiceTests {
    private static final BatchSettings SETTINGS = new BatchSettings(2, List.of(1, 2), 4, Duration.ZERO, 1);
    private static final CaptionOptions OPTIONS =
            new CaptionOptions(null, null, null, null, AttentionDetail.SUMMARY, null);

    private static final BooleanSupplier PRESENT = () -> false;

    private final Admission admission = new Admission(4, System::nanoTime);
    private final AtomicInteger refused = new AtomicInteger();
    private final CaptionListener listener = new CaptionListener() {
        @Override
        public void refused(Refusal why, int images) {
            refused.addAndGet(images);
        }
    };
    private final DynamicBatcher<BatchKey, Pixels, List<Hypothesis>> batcher = new DynamicBatcher<>(
            "test",
            SETTINGS,
            (key, images) -> key.model().caption(images, key.options()),
            thrown -> false,
            Runnable::run,
            System::nanoTime,
            BatchListener.NONE);

    private final Path root;
    private final ModelRegistry models;
    private final CaptionService service;

    CaptionServiceTests(@TempDir Path root) throws Exception {
        this.root = root;
        models = FakeModels.registry(root, Map.of("colours", new FakeCaptionModel("colours", true)));
        service = new CaptionService(
                models,
                new PhotoIntake(new PhotoDecoder(ImageLimits.defaults()), 1),
                admission,
                batcher,
                new Findings(new CacheProperties(true, DataSize.ofMegabytes(1), Duration.ofHours(1)), System::nanoTime),
                listener,
                new RequestProperties(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30), 4),
                System::nanoTime);
    }

    @AfterEach
    void close() {
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
        try (var all = admission.acquire(4)) {
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
                        CaptionFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.DEADLINE_PASSED));
    }

    @Test
    void whatNobodyExpectedIsNoFailureButABug() {
        assertThatThrownBy(() -> Failures.of(new IllegalStateException("bug: x")))
                .hasMessage("bug: x");
    }

    @Test
    void optionsOutOfRangeNameTheirParameter() {
        assertThatThrownBy(() -> new CaptionOptions(11, null, null, null, AttentionDetail.NONE, null))
                .isInstanceOfSatisfying(
                        CaptionFailure.class, f -> assertThat(f.parameter()).isEqualTo("beamWidth"));
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
