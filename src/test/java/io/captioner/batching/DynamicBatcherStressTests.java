package io.captioner.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.batching.BatchRejectedException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many threads submit, cancel, send bad input and let deadlines pass at the same time: every input has one end, and no
 * permit is lost.
 */
@Timeout(60)
class DynamicBatcherStressTests {
    private static final int CLIENTS = 8;
    private static final int REQUESTS = 2_000;

    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder refused = new LongAdder();

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void everyInputHasOneEndAndNoPermitIsLost(int concurrentBatches) throws Exception {
        Admission admission = new Admission(24, 0, System::nanoTime);
        DynamicBatcher<Integer, Integer, Integer> batcher = new DynamicBatcher<>(
                "stress",
                new BatchSettings(8, List.of(1, 2, 4, 8), 16, Duration.ZERO, 1, concurrentBatches, 1),
                DynamicBatcherStressTests::run,
                OutOfMemoryError.class::isInstance,
                ForkJoinPool.commonPool(),
                System::nanoTime,
                BatchListener.NONE);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (batcher) {
            List<Callable<Void>> loops = IntStream.range(0, CLIENTS)
                    .<Callable<Void>>mapToObj(seed -> () -> client(seed, admission, batcher))
                    .toList();
            for (Future<Void> loop : clients.invokeAll(loops)) {
                loop.get();
            }
            assertThat(batcher.queued()).isZero();
        } finally {
            clients.shutdownNow();
        }
        assertThat(admission.inUse()).isZero();
        assertThat(answered.sum() + failed.sum() + expired.sum() + cancelled.sum() + refused.sum())
                .isEqualTo((long) CLIENTS * REQUESTS);
        assertThat(List.of(answered.sum(), failed.sum(), expired.sum(), cancelled.sum()))
                .allMatch(count -> count > 0);
    }

    private static List<Integer> run(Integer key, List<Integer> inputs) {
        if (inputs.contains(13)) {
            throw new IllegalStateException("cannot digest 13");
        }
        return inputs.stream().map(input -> input * key).toList();
    }

    private Void client(int seed, Admission admission, DynamicBatcher<Integer, Integer, Integer> batcher)
            throws InterruptedException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < REQUESTS; i++) {
            int key = 1 + random.nextInt(2);
            int input = random.nextInt(40);
            boolean doomed = random.nextInt(20) == 0;
            Deadline deadline = doomed ? Deadline.after(Duration.ZERO, System::nanoTime) : Deadline.never();
            try (Permit permit = admission.acquire(1, Deadline.never())) {
                CompletableFuture<Batched<Integer>> future =
                        batcher.submitAll(key, List.of(input), deadline).get(0);
                if (random.nextInt(20) == 0) {
                    future.cancel(false);
                }
                assertThat(future.get(10, TimeUnit.SECONDS).output()).isEqualTo(input * key);
                assertThat(permit.images()).isEqualTo(1);
                answered.increment();
            } catch (BatchRejectedException full) {
                assertThat(full.reason()).isIn(Reason.QUEUE_FULL, Reason.NO_PERMITS, Reason.TOO_LATE);
                refused.increment();
            } catch (CancellationException gone) {
                cancelled.increment();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof BatchRejectedException late) {
                    assertThat(late.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
                    expired.increment();
                } else {
                    assertThat(e.getCause()).isInstanceOf(BatchFailedException.class);
                    failed.increment();
                }
            } catch (TimeoutException lost) {
                throw new AssertionError("an input has no end", lost);
            }
        }
        return null;
    }
}
