package io.captioner.operations;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.captioner.FakeCaptionModel;
import io.captioner.batching.BatchSettings;
import io.captioner.operations.ModelWatch.WatchProperties;
import io.captioner.registry.ModelListener;
import io.captioner.registry.ModelRegistry;
import io.captioner.registry.ModelStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelWatchTests {
    private static final BatchSettings SETTINGS = new BatchSettings(4, List.of(1, 2, 4), 8, Duration.ZERO, 1);

    private final Path root;
    private final FakeCaptionModel model = new FakeCaptionModel("colours", true);
    private final Trigger trigger = new Trigger();
    private final ModelRegistry models;

    ModelWatchTests(@TempDir Path root) {
        this.root = root;
        this.models = new ModelRegistry(root, null, bundle -> model, ModelListener.NONE);
        model.moveToGpu(); // where every batch size is run first
    }

    /** Keeps what is scheduled, for the test to run. */
    private static final class Trigger extends ScheduledThreadPoolExecutor {
        private @Nullable Runnable scan;
        private long everyNanos;

        Trigger() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
            scan = command;
            everyNanos = unit.toNanos(delay);
            return schedule(() -> {}, 0, unit);
        }

        void fire() {
            requireNonNull(scan).run();
        }
    }

    @AfterEach
    void close() {
        trigger.shutdownNow();
        models.close();
    }

    @Test
    void aNewVersionIsWarmedAndAnswersAfterTheSecondLookThatSeesTheSame() throws IOException {
        watch(Duration.ofSeconds(3)).start();
        assertThat(trigger.everyNanos).isEqualTo(3_000_000_000L);
        bundle();

        trigger.fire();
        assertThat(state()).isEqualTo(ModelStatus.State.LOADING);
        assertThat(model.batchSizes()).isEmpty();
        trigger.fire();

        assertThat(state()).isEqualTo(ModelStatus.State.READY);
        assertThat(model.batchSizes()).containsExactly(1, 2, 4);
    }

    @Test
    void aLookThatFailsDoesNotEndTheWatch() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        ModelRegistry broken = new ModelRegistry(
                root,
                null,
                bundle -> {
                    tries.incrementAndGet();
                    throw new AssertionError("a bug");
                },
                ModelListener.NONE);
        ModelWatch watch = new ModelWatch(
                broken, new WarmUp(broken, SETTINGS), new WatchProperties(Duration.ofSeconds(1)), trigger);
        watch.start();
        bundle();

        trigger.fire();
        trigger.fire();
        trigger.fire();

        assertThat(broken.statuses()).hasSize(1);
        assertThat(tries).hasValue(2);
    }

    @Test
    void anIntervalOfZeroNeverLooks() {
        watch(Duration.ZERO).start();
        assertThat(trigger.scan).isNull();
    }

    @Test
    void aNegativeIntervalIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WatchProperties(Duration.ofSeconds(-1)))
                .withMessageContaining("captioner.watch.interval");
    }

    @Test
    void closingEndsItsThread() {
        watch(Duration.ofSeconds(1)).close();
        assertThat(trigger.isShutdown()).isTrue();
    }

    private ModelWatch watch(Duration interval) {
        return new ModelWatch(models, new WarmUp(models, SETTINGS), new WatchProperties(interval), trigger);
    }

    private ModelStatus.State state() {
        return models.statuses().get(0).state();
    }

    private void bundle() throws IOException {
        Path bundle = Files.createDirectories(root.resolve("colours").resolve("3"));
        Files.writeString(bundle.resolve("captioner.json"), "{}");
    }
}
