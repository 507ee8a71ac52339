package io.captioner.model.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.image.Pixels;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.model.ModelFailedException;
import io.captioner.text.Vocabulary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeastLoadedModelTests {
    private static final DecodeOptions OPTIONS = new DecodeOptions(1, 5, 0);

    private final Copy first = new Copy("gpu:0 (A)");
    private final Copy second = new Copy("gpu:1 (B)");
    private final LeastLoadedModel model = new LeastLoadedModel(List.of(first, second));
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        callers.shutdownNow();
    }

    @Test
    void theDevicesOfAllCopiesAreNamed() {
        assertThat(model.device()).isEqualTo("gpu:0 (A), gpu:1 (B)");
        assertThat(model.copies()).isEqualTo(2);
    }

    @Test
    void aRunGoesToTheCopyWithTheFewestImagesInFlight() throws Exception {
        Future<?> six = call(6);
        first.awaitRun();
        Future<?> two = call(2);
        second.awaitRun();
        Future<?> three = call(3);
        second.awaitRun();
        Future<?> four = call(4); // 6 against 5
        second.awaitRun();
        Future<?> one = call(1); // 6 against 9
        first.awaitRun();

        first.finish(2);
        second.finish(3);
        for (Future<?> run : List.of(six, two, three, four, one)) {
            run.get(10, TimeUnit.SECONDS);
        }
        assertThat(first.sizes).containsExactly(6, 1);
        assertThat(second.sizes).containsExactly(2, 3, 4);
    }

    @Test
    void whatIsDoneOrFailedIsNoLongerInFlight() throws Exception {
        first.finish(2);
        first.failing = true;
        assertThatThrownBy(() -> model.caption(batch(8), OPTIONS)).isInstanceOf(ModelFailedException.class);
        first.failing = false;
        model.caption(batch(3), OPTIONS);

        assertThat(first.sizes).containsExactly(8, 3);
        assertThat(second.sizes).isEmpty();
    }

    @Test
    void everyCopyIsWarmedAndClosed() {
        model.warmUp(4);
        model.close();

        for (Copy copy : List.of(first, second)) {
            assertThat(copy.warmed).containsExactly(4);
            assertThat(copy.closed).isTrue();
        }
    }

    private Future<?> call(int size) {
        return callers.submit(() -> model.caption(batch(size), OPTIONS));
    }

    private static List<Pixels> batch(int size) {
        return Collections.nCopies(size, new Pixels(1, 1, new byte[3]));
    }

    /** A copy whose runs last until they are told to finish. */
    private static final class Copy implements CaptionModel {
        private final String device;
        private final Semaphore entered = new Semaphore(0);
        private final Semaphore finish = new Semaphore(0);
        private final List<Integer> sizes = new CopyOnWriteArrayList<>();
        private final List<Integer> warmed = new ArrayList<>();
        private volatile boolean failing;
        private boolean closed;

        Copy(String device) {
            this.device = device;
        }

        void awaitRun() throws InterruptedException {
            assertThat(entered.tryAcquire(10, TimeUnit.SECONDS))
                    .as("a run on " + device)
                    .isTrue();
        }

        void finish(int runs) {
            finish.release(runs);
        }

        @Override
        public Manifest manifest() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Vocabulary vocabulary() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String device() {
            return device;
        }

        @Override
        public List<List<Hypothesis>> caption(List<Pixels> batch, DecodeOptions options) {
            sizes.add(batch.size());
            entered.release();
            finish.acquireUninterruptibly();
            if (failing) {
                throw new ModelFailedException("out of order", new IllegalStateException());
            }
            return List.of();
        }

        @Override
        public List<List<Hypothesis>> score(List<Pixels> batch, List<List<int[]>> captions) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void warmUp(int batchSize) {
            warmed.add(batchSize);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
