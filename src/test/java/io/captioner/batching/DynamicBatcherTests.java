package io.captioner.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@SuppressWarnings("FutureReturnValueIgnored") // inputs that only fill the queue
class DynamicBatcherTests {
    private static final Executor AT_ONCE = Runnable::run;

    private final FakeClock clock = new FakeClock();
    private final PuppetDevice device = new PuppetDevice();
    private final RecordingListener listener = new RecordingListener();
    private final List<DynamicBatcher<String, Integer, String>> batchers = new ArrayList<>();

    @AfterEach
    void closeBatchers() {
        device.freely();
        batchers.forEach(DynamicBatcher::close);
    }

    @Test
    void ofTenSentToABusyDeviceWithAQueueOfEightExactlyTwoAreRefused() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 8);
        CompletableFuture<Batched<String>> running = occupy(batcher);
        List<CompletableFuture<Batched<String>>> accepted = new ArrayList<>();
        int refused = 0;
        for (int i = 1; i <= 10; i++) {
            try {
                accepted.add(submit(batcher, "a", i, Deadline.never()));
            } catch (BatchRejectedException full) {
                assertThat(full.reason()).isEqualTo(BatchRejectedException.Reason.QUEUE_FULL);
                assertThat(full.getStackTrace()).isEmpty();
                refused++;
            }
        }
        assertThat(refused).isEqualTo(2);
        assertThat(batcher.queued()).isEqualTo(8);
        device.freely();
        assertThat(output(running)).isEqualTo("a0");
        assertThat(outputs(accepted)).containsExactly("a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8");
        assertThat(device.runs).containsExactly(List.of(0), List.of(1, 2, 3, 4), List.of(5, 6, 7, 8));
        assertThat(listener.count("refused 1")).isEqualTo(2);
        assertThat(listener.count("ran 4 as 4")).isEqualTo(2);
    }

    @Test
    void aBatchIsPaddedWithItsLastInputAndTheSurplusIsNotAnswered() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 8);
        occupy(batcher);
        List<CompletableFuture<Batched<String>>> three = batcher.submitAll("a", List.of(1, 2, 3), Deadline.never());
        device.freely();
        assertThat(outputs(three)).containsExactly("a1", "a2", "a3");
        assertThat(device.runs.get(1)).containsExactly(1, 2, 3, 3);
        assertThat(three.get(0).get().batchSize()).isEqualTo(3);
        assertThat(listener.events).contains("ran 3 as 4");
    }

    @Test
    void anAnswerSaysHowLongItWaitedAndHowLongItRan() throws Exception {
        device.beset(inputs -> clock.advance(Duration.ofMillis(30)));
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 8);
        occupy(batcher);
        CompletableFuture<Batched<String>> second = submit(batcher, "b", 1, Deadline.never());
        device.freely();
        assertThat(get(second)).isEqualTo(new Batched<>("b1", Duration.ofMillis(30), Duration.ofMillis(30), 1));
    }

    @Test
    void aRequestForSeveralIsAcceptedWholeOrRefusedWhole() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 8);
        occupy(batcher);
        batcher.submitAll("a", List.of(1, 2, 3, 4, 5), Deadline.never());
        assertThatThrownBy(() -> batcher.submitAll("a", List.of(6, 7, 8, 9), Deadline.never()))
                .isInstanceOfSatisfying(
                        BatchRejectedException.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(BatchRejectedException.Reason.QUEUE_FULL));
        assertThat(batcher.queued()).isEqualTo(5);
        assertThatThrownBy(() ->
                        batcher.submitAll("a", IntStream.range(0, 9).boxed().toList(), Deadline.never()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("submit fewer");
        assertThat(batcher.submitAll("a", List.of(), Deadline.never())).isEmpty();
    }

    @Test
    void aCancelledInputNeverReachesTheDeviceAndMakesRoomAtOnce() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 4);
        occupy(batcher);
        List<CompletableFuture<Batched<String>>> four = batcher.submitAll("a", List.of(1, 2, 3, 4), Deadline.never());
        four.get(1).cancel(false);
        assertThat(batcher.queued()).isEqualTo(3);
        CompletableFuture<Batched<String>> fifth = submit(batcher, "a", 5, Deadline.never());
        device.freely();
        assertThat(output(fifth)).isEqualTo("a5");
        assertThat(device.runs).containsExactly(List.of(0), List.of(1, 3, 4, 5));
        assertThat(listener.count("dropped CANCELLED")).isEqualTo(1);
    }

    @Test
    void cancellingWhatRunsHarmsNoNeighbourAndCountsAsNoDrop() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 4);
        occupy(batcher);
        List<CompletableFuture<Batched<String>>> two = batcher.submitAll("a", List.of(1, 2), Deadline.never());
        device.allow(1);
        device.awaitStart();
        two.get(0).cancel(false);
        device.freely();
        assertThat(output(two.get(1))).isEqualTo("a2");
        assertThat(listener.events).doesNotContain("dropped CANCELLED");
    }

    @Test
    void whatNobodyWantsAnyMoreIsDroppedJustBeforeItsRun() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 8);
        occupy(batcher);
        AtomicBoolean gone = new AtomicBoolean();
        List<CompletableFuture<Batched<String>>> left =
                batcher.submitAll("a", List.of(1, 2), Deadline.never(), gone::get);
        CompletableFuture<Batched<String>> stayed = submit(batcher, "a", 3, Deadline.never());
        gone.set(true);
        assertThat(batcher.queued()).isEqualTo(3);
        device.freely();
        assertThat(output(stayed)).isEqualTo("a3");
        assertThat(left).allMatch(CompletableFuture::isCancelled);
        assertThat(device.runs).containsExactly(List.of(0), List.of(3));
        assertThat(listener.count("dropped CANCELLED")).isEqualTo(2);
    }

    @Test
    void aQuestionThatFailsKeepsTheInput() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 8);
        device.freely();
        CompletableFuture<Batched<String>> asked = batcher.submitAll("a", List.of(1), Deadline.never(), () -> {
                    throw new IllegalStateException("no idea");
                })
                .get(0);
        assertThat(output(asked)).isEqualTo("a1");
    }

    @Test
    void whatIsCancelledAfterItsDeadlineCountsAsExpired() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 8);
        occupy(batcher);
        CompletableFuture<Batched<String>> late = submit(batcher, "a", 1, Deadline.after(Duration.ofMillis(9), clock));
        clock.advance(Duration.ofMillis(10));
        late.cancel(false);
        assertThat(listener.count("dropped EXPIRED")).isEqualTo(1);
        assertThat(listener.count("dropped CANCELLED")).isZero();
    }

    @Test
    void anExpiredInputNeverReachesTheDevice() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 8);
        occupy(batcher);
        CompletableFuture<Batched<String>> late = submit(batcher, "a", 1, Deadline.after(Duration.ofMillis(9), clock));
        CompletableFuture<Batched<String>> timely =
                submit(batcher, "a", 2, Deadline.after(Duration.ofMillis(11), clock));
        clock.advance(Duration.ofMillis(10));
        device.freely();
        assertThat(output(timely)).isEqualTo("a2");
        assertThat(failure(late))
                .isInstanceOfSatisfying(
                        BatchRejectedException.class,
                        rejected -> assertThat(rejected.reason())
                                .isEqualTo(BatchRejectedException.Reason.DEADLINE_EXCEEDED));
        assertThat(device.runs).containsExactly(List.of(0), List.of(2));
        assertThat(listener.count("dropped EXPIRED")).isEqualTo(1);
    }

    @Test
    void expiredInputsMakeRoomWhenItIsNeeded() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 4);
        occupy(batcher);
        List<CompletableFuture<Batched<String>>> late =
                batcher.submitAll("a", List.of(1, 2, 3, 4), Deadline.after(Duration.ofMillis(1), clock));
        clock.advance(Duration.ofMillis(1));
        CompletableFuture<Batched<String>> next = submit(batcher, "a", 5, Deadline.never());
        assertThat(late).allMatch(CompletableFuture::isCompletedExceptionally);
        device.freely();
        assertThat(output(next)).isEqualTo("a5");
    }

    @Test
    void onePoisonedInputOfThirtyTwoHarmsNoOther() throws Exception {
        IllegalStateException broken = new IllegalStateException("cannot digest 13");
        device.beset(inputs -> {
            if (inputs.contains(13)) {
                throw broken;
            }
        });
        DynamicBatcher<String, Integer, String> batcher = batcher(32, 32);
        occupy(batcher);
        List<CompletableFuture<Batched<String>>> all =
                batcher.submitAll("a", IntStream.rangeClosed(1, 32).boxed().toList(), Deadline.never());
        device.freely();
        assertThat(failure(all.get(12)))
                .isInstanceOf(BatchFailedException.class)
                .hasCause(broken);
        for (int i = 1; i <= 32; i++) {
            if (i != 13) {
                assertThat(output(all.get(i - 1))).isEqualTo("a" + i);
            }
        }
        // 1 to occupy, then 32, and twice each of 16, 8, 4, 2 and 1.
        assertThat(device.runs).hasSize(1 + 1 + 10);
        assertThat(listener.count("failed 1")).isEqualTo(1);
        assertThat(batcher.ceiling()).isEqualTo(32);
    }

    @Test
    void aLoneInputRidesOutAPassingFailureIfAttemptsAllow() throws Exception {
        device.beset(inputs -> {
                    if (device.runs.size() == 1) {
                        throw new IllegalStateException("a passing cloud");
                    }
                })
                .freely();
        DynamicBatcher<String, Integer, String> batcher =
                batcher(new BatchSettings(1, List.of(1), 1, Duration.ZERO, 2), AT_ONCE);
        assertThat(output(submit(batcher, "a", 7, Deadline.never()))).isEqualTo("a7");
        assertThat(listener.events)
                .containsSubsequence("retried 1", "ran 1 as 1")
                .doesNotContain("failed 1");
    }

    @Test
    void exhaustedMemoryLowersTheCeilingAndLosesNothing() throws Exception {
        device.beset(inputs -> {
            if (inputs.size() > 2) {
                throw new OutOfMemoryError("device");
            }
        });
        DynamicBatcher<String, Integer, String> batcher = batcher(8, 16);
        occupy(batcher);
        List<CompletableFuture<Batched<String>>> all =
                batcher.submitAll("a", IntStream.rangeClosed(1, 16).boxed().toList(), Deadline.never());
        device.freely();
        assertThat(outputs(all)).hasSize(16).startsWith("a1").endsWith("a16");
        assertThat(batcher.ceiling()).isEqualTo(2);
        assertThat(listener.events).contains("ceiling 8 to 4", "ceiling 4 to 2");
        // 1 to occupy, 8 and 4 that fail, then 2 at a time: the ceiling is known to the next batches.
        assertThat(device.runs.stream().filter(run -> run.size() > 2)).hasSize(2);
    }

    @Test
    void aWrongNumberOfOutputsFailsTheBatchAsABug() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = new DynamicBatcher<>(
                "bug",
                new BatchSettings(4, List.of(4), 8, Duration.ZERO, 1),
                (key, inputs) -> List.of("one"),
                OutOfMemoryError.class::isInstance,
                AT_ONCE,
                clock,
                listener);
        batchers.add(batcher);
        assertThat(failure(submit(batcher, "a", 1, Deadline.never())))
                .isInstanceOf(BatchFailedException.class)
                .hasMessage("bug: the runner gave 1 outputs for 4 inputs");
    }

    @Test
    void whatIsCancelledBetweenARunAndItsRetryIsNotRunAgain() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 4);
        occupy(batcher);
        List<CompletableFuture<Batched<String>>> two = batcher.submitAll("a", List.of(1, 2), Deadline.never());
        device.beset(inputs -> {
            if (inputs.size() == 2) {
                two.get(0).cancel(false);
                throw new IllegalStateException("once");
            }
        });
        device.freely();
        assertThat(output(two.get(1))).isEqualTo("a2");
        assertThat(device.runs).containsExactly(List.of(0), List.of(1, 2), List.of(2));
        assertThat(listener.count("dropped CANCELLED")).isEqualTo(1);
    }

    @Test
    void aSlowContinuationDoesNotHoldUpTheDevice() throws Exception {
        ExecutorService completions = Executors.newSingleThreadExecutor();
        CountDownLatch slow = new CountDownLatch(1);
        try {
            DynamicBatcher<String, Integer, String> batcher =
                    batcher(new BatchSettings(1, List.of(1), 4, Duration.ZERO, 1), completions);
            CompletableFuture<Batched<String>> first = submit(batcher, "a", 1, Deadline.never());
            CompletableFuture<Void> continuation = first.thenAccept(answer -> await(slow));
            device.freely();
            device.awaitStart();
            submit(batcher, "a", 2, Deadline.never());
            device.awaitStart();
            assertThat(continuation.isDone()).isFalse();
        } finally {
            slow.countDown();
            completions.shutdown();
        }
    }

    @Test
    void noFutureIsLeftBehindByAnExecutorThatIsGone() throws Exception {
        device.freely();
        DynamicBatcher<String, Integer, String> batcher =
                batcher(new BatchSettings(1, List.of(1), 4, Duration.ZERO, 1), task -> {
                    throw new RejectedExecutionException();
                });
        assertThat(output(submit(batcher, "a", 1, Deadline.never()))).isEqualTo("a1");
    }

    @Test
    void aListenerThatThrowsDisturbsNobody() throws Exception {
        BatchListener broken = new BatchListener() {
            @Override
            public void ran(int size, int paddedSize, List<Duration> queued, Duration device) {
                throw new IllegalStateException("no meter");
            }
        };
        device.freely();
        DynamicBatcher<String, Integer, String> batcher = new DynamicBatcher<>(
                "broken-listener",
                new BatchSettings(1, List.of(1), 4, Duration.ZERO, 1),
                device,
                OutOfMemoryError.class::isInstance,
                AT_ONCE,
                clock,
                broken);
        batchers.add(batcher);
        assertThat(output(submit(batcher, "a", 1, Deadline.never()))).isEqualTo("a1");
        assertThat(output(submit(batcher, "a", 2, Deadline.never()))).isEqualTo("a2");
    }

    @Test
    void closingFinishesWhatWasAcceptedAndRefusesTheRest() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 8);
        occupy(batcher);
        List<CompletableFuture<Batched<String>>> accepted =
                batcher.submitAll("a", List.of(1, 2, 3, 4, 5), Deadline.never());
        device.freely();
        batcher.close(Duration.ofSeconds(20));
        assertThat(accepted).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        assertThatThrownBy(() -> submit(batcher, "a", 6, Deadline.never()))
                .isInstanceOfSatisfying(
                        BatchRejectedException.class,
                        rejected ->
                                assertThat(rejected.reason()).isEqualTo(BatchRejectedException.Reason.BATCHER_CLOSED));
    }

    @Test
    void whatIsLeftAfterTheGracePeriodFailsEvenOnADeviceThatHangs() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = batcher(4, 8);
        CompletableFuture<Batched<String>> hanging = occupy(batcher);
        CompletableFuture<Batched<String>> waiting = submit(batcher, "a", 1, Deadline.never());
        batcher.close(Duration.ZERO);
        assertThat(failure(hanging))
                .isInstanceOfSatisfying(
                        BatchRejectedException.class,
                        rejected ->
                                assertThat(rejected.reason()).isEqualTo(BatchRejectedException.Reason.BATCHER_CLOSED));
        assertThat(failure(waiting))
                .isInstanceOfSatisfying(
                        BatchRejectedException.class,
                        rejected ->
                                assertThat(rejected.reason()).isEqualTo(BatchRejectedException.Reason.BATCHER_CLOSED));
        device.freely();
        batcher.close();
        assertThat(device.runs).containsExactly(List.of(0));
    }

    @Test
    void aSecondBatchJoinsTheFirstOnTheDeviceOnlyIfItIsFull() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = severalAtOnce(2, 1);
        CompletableFuture<Batched<String>> first = occupy(batcher);
        CompletableFuture<Batched<String>> second = submit(batcher, "a", 1, Deadline.never());
        CompletableFuture<Batched<String>> other = submit(batcher, "b", 2, Deadline.never());
        assertThat(batcher.queued()).isEqualTo(2);

        CompletableFuture<Batched<String>> third = submit(batcher, "a", 3, Deadline.never());
        device.awaitStart();
        assertThat(device.runs).containsExactly(List.of(0), List.of(1, 3));
        assertThat(batcher.queued()).isEqualTo(1);
        device.freely();
        assertThat(outputs(List.of(first, second, other, third))).containsExactly("a0", "a1", "b2", "a3");
        assertThat(device.runs).hasSize(3);
    }

    @Test
    void eachOfSeveralDevicesTakesWhateverWaits() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = severalAtOnce(3, 2);
        CompletableFuture<Batched<String>> first = occupy(batcher);
        CompletableFuture<Batched<String>> second = submit(batcher, "a", 1, Deadline.never());
        device.awaitStart();
        assertThat(device.runs).containsExactly(List.of(0), List.of(1));

        CompletableFuture<Batched<String>> third = submit(batcher, "a", 2, Deadline.never());
        assertThat(batcher.queued()).isEqualTo(1);
        CompletableFuture<Batched<String>> fourth = submit(batcher, "a", 3, Deadline.never());
        device.awaitStart();
        assertThat(device.runs).containsExactly(List.of(0), List.of(1), List.of(2, 3));
        device.freely();
        assertThat(outputs(List.of(first, second, third, fourth))).containsExactly("a0", "a1", "a2", "a3");
    }

    @Test
    void ofTwoBatchesOnTheDeviceTheFailureOfOneIsNotTheOthers() throws Exception {
        device.beset(inputs -> {
            if (inputs.contains(13)) {
                throw new IllegalStateException("cannot digest 13");
            }
        });
        DynamicBatcher<String, Integer, String> batcher = severalAtOnce(2, 1);
        List<CompletableFuture<Batched<String>>> good = batcher.submitAll("a", List.of(1, 2), Deadline.never());
        device.awaitStart();
        List<CompletableFuture<Batched<String>>> mixed = batcher.submitAll("a", List.of(13, 3), Deadline.never());
        device.awaitStart();
        device.freely();
        assertThat(outputs(good)).containsExactly("a1", "a2");
        assertThat(failure(mixed.get(0))).isInstanceOf(BatchFailedException.class);
        assertThat(output(mixed.get(1))).isEqualTo("a3");
    }

    @Test
    void closingFinishesWhatSeveralThreadsHaveAccepted() throws Exception {
        DynamicBatcher<String, Integer, String> batcher = severalAtOnce(3, 1);
        List<CompletableFuture<Batched<String>>> all = batcher.submitAll("a", List.of(1, 2, 3, 4, 5), Deadline.never());
        device.freely();
        batcher.close();
        assertThat(outputs(all)).containsExactly("a1", "a2", "a3", "a4", "a5");
    }

    private DynamicBatcher<String, Integer, String> batcher(int maxBatchSize, int capacity) {
        List<Integer> sizes = new ArrayList<>();
        for (int size = 1; size <= maxBatchSize; size *= 2) {
            sizes.add(size);
        }
        return batcher(new BatchSettings(maxBatchSize, sizes, capacity, Duration.ZERO, 1), AT_ONCE);
    }

    /** Batches of two, with the given numbers of concurrent batches and devices. */
    private DynamicBatcher<String, Integer, String> severalAtOnce(int concurrentBatches, int devices) {
        return batcher(new BatchSettings(2, List.of(1, 2), 8, Duration.ZERO, 1, concurrentBatches, devices), AT_ONCE);
    }

    private DynamicBatcher<String, Integer, String> batcher(BatchSettings settings, Executor completions) {
        DynamicBatcher<String, Integer, String> batcher = new DynamicBatcher<>(
                "puppet", settings, device, OutOfMemoryError.class::isInstance, completions, clock, listener);
        batchers.add(batcher);
        return batcher;
    }

    /** Puts input 0 on the device, where it stays until the test allows more. */
    private CompletableFuture<Batched<String>> occupy(DynamicBatcher<String, Integer, String> batcher)
            throws InterruptedException {
        CompletableFuture<Batched<String>> running = submit(batcher, "a", 0, Deadline.never());
        device.awaitStart();
        return running;
    }

    private static List<String> outputs(List<CompletableFuture<Batched<String>>> futures) throws Exception {
        List<String> outputs = new ArrayList<>();
        for (CompletableFuture<Batched<String>> future : futures) {
            outputs.add(output(future));
        }
        return outputs;
    }

    private static CompletableFuture<Batched<String>> submit(
            DynamicBatcher<String, Integer, String> batcher, String key, int input, Deadline deadline) {
        return batcher.submitAll(key, List.of(input), deadline).get(0);
    }

    private static String output(CompletableFuture<Batched<String>> future) throws Exception {
        return get(future).output();
    }

    private static Batched<String> get(CompletableFuture<Batched<String>> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static Throwable failure(CompletableFuture<Batched<String>> future) throws Exception {
        try {
            throw new AssertionError("no failure but " + get(future));
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
