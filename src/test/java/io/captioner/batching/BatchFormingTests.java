package io.captioner.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a free device waits for a fuller batch, and when it runs what is there. */
class BatchFormingTests {
    private static final int MAX = 16;

    private final FakeClock clock = new FakeClock();

    @Test
    void aFreeDeviceWaitsForWhatIsAnnouncedAndRunsItTogether() {
        BatchQueue<String, Integer, String> queue = measured(1, 1);
        queue.announce("a", 2);
        offerAnnounced(queue, 1);
        assertThat(queue.poll(MAX).isEmpty()).isTrue();
        clock.advance(Duration.ofMillis(3));
        offerAnnounced(queue, 1);
        assertThat(queue.poll(MAX).batch()).hasSize(2);
    }

    @Test
    void withNothingAnnouncedNoInputWaits() {
        BatchQueue<String, Integer, String> queue = measured(1, 1);
        for (int request = 0; request < 20; request++) {
            queue.announce("a", 1);
            clock.advance(Duration.ofMillis(3));
            offerAnnounced(queue, 1);
            run(queue, 1);
            clock.advance(Duration.ofMillis(2));
        }
    }

    @Test
    void theWaitEndsWhenWhatWasAnnouncedIsWithdrawn() {
        BatchQueue<String, Integer, String> queue = measured(1, 1);
        queue.announce("a", 2);
        offerAnnounced(queue, 1);
        assertThat(queue.poll(MAX).isEmpty()).isTrue();
        queue.withdraw("a", 1);
        assertThat(queue.poll(MAX).batch()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 9})
    void theWaitIsNeverLongerThanTheRunOfWhatWaits(int waiting) {
        BatchQueue<String, Integer, String> queue = measured(1, 1);
        queue.announce("a", MAX);
        offerAnnounced(queue, waiting);
        BatchQueue.Take<String, Integer, String> take = queue.poll(MAX);
        assertThat(take.isEmpty()).isTrue();
        Duration run = runTime(waiting);
        assertThat(take.waitNanos()).isPositive().isLessThanOrEqualTo(run.toNanos());
        clock.advance(run);
        assertThat(queue.poll(MAX).batch()).hasSize(waiting);
    }

    @Test
    void fullBatchesOfAnotherKeyDoNotProlongTheWaitOfTheOldest() {
        BatchQueue<String, Integer, String> queue = measured(1, 1);
        queue.announce("a", 2);
        offerAnnounced(queue, 1);
        long saved = 2 * runTime(1).toMillis() - runTime(2).toMillis();
        for (long waited = 0; waited < saved; waited += 8) {
            IntStream.range(0, 2).forEach(i -> queue.offer(List.of(entry("b", Deadline.never())), 0));
            assertThat(queue.poll(2).batch()).hasSize(2).allMatch(entry -> entry.key.equals("b"));
            clock.advance(Duration.ofMillis(8));
        }
        assertThat(queue.poll(MAX).batch()).hasSize(1);
    }

    @Test
    void anInputIsNotPassedForEverByFullBatchesOfAnotherKey() {
        BatchQueue<String, Integer, String> queue = measured(2, 1);
        offer(queue, 1);
        BatchForming.Run running = Objects.requireNonNull(queue.takeNow(MAX).run());
        offer(queue, 1);
        IntStream.range(0, 2 * MAX).forEach(i -> queue.offer(List.of(entry("b", Deadline.never())), 0));
        assertThat(queue.poll(MAX).batch()).hasSize(MAX);
        clock.advance(runTime(MAX).plusMillis(1));
        assertThat(queue.poll(MAX).batch()).isEmpty();
        queue.done(running);
        assertThat(queue.poll(MAX).batch()).singleElement().matches(entry -> entry.key.equals("a"));
    }

    @Test
    void anInputDoesNotMissItsDeadlineByWaiting() {
        BatchQueue<String, Integer, String> queue = measured(1, 1);
        queue.announce("a", 2);
        queue.offer(List.of(entry("a", Deadline.after(runTime(MAX).plusMillis(2), clock))), 1);
        assertThat(queue.poll(MAX).waitNanos()).isEqualTo(Duration.ofMillis(2).toNanos());
        clock.advance(Duration.ofMillis(2));
        assertThat(queue.poll(MAX).batch()).hasSize(1);
    }

    @Test
    void inputsOfAnotherKeyAreNotWaitedFor() {
        BatchQueue<String, Integer, String> queue = measured(1, 1);
        queue.announce("b", 1);
        queue.announce("a", 1);
        offerAnnounced(queue, 1);
        assertThat(queue.poll(MAX).batch()).hasSize(1);
    }

    @Test
    void aDeviceWhoseRunsTakeAsLongForEachInputDoesNotWait() {
        BatchQueue<String, Integer, String> queue = queue(1, 1);
        for (int size : List.of(1, 2, 4, 8, 16)) {
            ran(queue, size, Duration.ofMillis(10L * size));
        }
        queue.announce("a", 2);
        offerAnnounced(queue, 1);
        assertThat(queue.poll(MAX).batch()).hasSize(1);
    }

    @Test
    void waitsThatBringNothingAreGivenUpAndTriedAgainLater() {
        BatchQueue<String, Integer, String> queue = measured(1, 1);
        queue.announce("a", 1);
        int waits = 0;
        for (int request = 0; request < 200; request++) {
            offer(queue, 1);
            if (queue.poll(MAX).isEmpty()) {
                waits++;
                clock.advance(runTime(1));
                assertThat(queue.poll(MAX).batch()).hasSize(1);
            }
        }
        assertThat(waits).isBetween(2, 20);
    }

    /** Four clients send, are answered, and send again after 2 ms. */
    private void clientsInStep(BatchQueue<String, Integer, String> queue, int rounds) {
        for (int round = 0; round < rounds; round++) {
            queue.announce("a", 4);
            offerAnnounced(queue, 4);
            run(queue, 4);
            clock.advance(Duration.ofMillis(2));
        }
    }

    @Test
    void clientsInStepAreWaitedForBeforeTheyAreBack() {
        BatchQueue<String, Integer, String> queue = measured(1, 1);
        clientsInStep(queue, 3);
        queue.announce("a", 1);
        offerAnnounced(queue, 1);
        assertThat(queue.poll(MAX).isEmpty()).isTrue();
        clock.advance(Duration.ofMillis(1));
        queue.announce("a", 3);
        offerAnnounced(queue, 3);
        assertThat(queue.poll(MAX).batch()).hasSize(4);
    }

    @Test
    void clientsThatDoNotComeBackAreWaitedForOnlyAsLongAsOthersTook() {
        BatchQueue<String, Integer, String> queue = measured(1, 1);
        clientsInStep(queue, 30);
        queue.announce("a", 1);
        offerAnnounced(queue, 1);
        assertThat(queue.poll(MAX).waitNanos())
                .isBetween(0L, Duration.ofMillis(1).toNanos());
    }

    @Test
    void batchesBesideEachOtherShareTheInputsWhereThatIsFaster() {
        BatchQueue<String, Integer, String> queue = measured(2, 1);
        besideEachOther(queue, 8, runTime(MAX).minusMillis(20));
        offer(queue, 16);
        assertThat(queue.takeNow(MAX).batch()).hasSize(8);
        assertThat(queue.takeNow(MAX).batch()).hasSize(8);
    }

    @Test
    void batchesBesideEachOtherDoNotShareWhereThatIsSlower() {
        BatchQueue<String, Integer, String> queue = measured(2, 1);
        besideEachOther(queue, 8, runTime(MAX).plusMillis(20));
        offer(queue, 16);
        assertThat(queue.takeNow(MAX).batch()).hasSize(16);
        offer(queue, 8);
        assertThat(queue.takeNow(MAX).isEmpty()).isTrue();
    }

    /** Closed loop: each client sends again 2 ms after its answer, and decoding takes 1.5 ms for each, one by one. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "4, 4", "16, 8"})
    void clientsThatSendOneAfterTheOtherGetFullBatches(int clients, int leastMeanBatch) {
        assertThat(new ClosedLoop(measured(1, 1), clock, clients).meanBatch(60)).isGreaterThanOrEqualTo(leastMeanBatch);
    }

    /** Announcing and decoding take turns with the device, whose runs take {@link #runTime}. */
    private static final class ClosedLoop {
        private static final long BACK = Duration.ofMillis(2).toNanos();
        private static final long DECODING = Duration.ofNanos(1500_000).toNanos();

        private final BatchQueue<String, Integer, String> queue;
        private final FakeClock clock;
        private final PriorityQueue<Long> sends = new PriorityQueue<>();
        private final Deque<Long> decoding = new ArrayDeque<>();
        private final long origin;

        ClosedLoop(BatchQueue<String, Integer, String> queue, FakeClock clock, int clients) {
            this.queue = queue;
            this.clock = clock;
            this.origin = clock.getAsLong();
            // Out of step at first.
            IntStream.range(0, clients)
                    .forEach(client -> sends.add(client * Duration.ofMillis(7).toNanos()));
        }

        double meanBatch(int batches) {
            int inputs = 0;
            long freeAt = 0;
            BatchForming.@Nullable Run run = null;
            int runs = 0;
            while (runs < batches) {
                long now = clock.getAsLong() - origin;
                while (!sends.isEmpty() && sends.element() <= now) {
                    long sent = sends.remove();
                    queue.announce("a", 1);
                    decoding.add(Math.max(sent, decoding.isEmpty() ? 0 : decoding.getLast()) + DECODING);
                }
                while (!decoding.isEmpty() && decoding.getFirst() <= now) {
                    decoding.remove();
                    queue.offer(List.of(new Entry<>("a", 1, Deadline.never(), () -> false, clock.getAsLong())), 1);
                }
                if (run != null && freeAt <= now) {
                    queue.answered(
                            run,
                            run.inputs(),
                            run.inputs(),
                            runTime(run.inputs()).toNanos());
                    IntStream.range(0, run.inputs()).forEach(i -> sends.add(now + BACK + i * 100_000L));
                    queue.done(run);
                    run = null;
                }
                if (run == null) {
                    run = queue.takeNow(MAX).run();
                    if (run != null) {
                        freeAt = now + runTime(run.inputs()).toNanos();
                        inputs += runs >= batches / 2 ? run.inputs() : 0;
                        runs++;
                    }
                }
                clock.advance(Duration.ofNanos(100_000));
            }
            return inputs / (batches / 2.0);
        }
    }

    /** A run has a fixed cost, and one for each place of the next power of two. */
    private static Duration runTime(int inputs) {
        int padded = Integer.highestOneBit(2 * inputs - 1);
        return Duration.ofMillis(25 + 13L * padded);
    }

    private BatchQueue<String, Integer, String> queue(int concurrentBatches, int devices) {
        return new BatchQueue<>(
                new BatchSettings(MAX, List.of(1, 2, 4, 8, 16), 64, Duration.ZERO, 1, concurrentBatches, devices),
                clock);
    }

    /** A queue whose device has run each size alone, long ago. */
    private BatchQueue<String, Integer, String> measured(int concurrentBatches, int devices) {
        BatchQueue<String, Integer, String> queue = queue(concurrentBatches, devices);
        for (int size : List.of(1, 2, 4, 8, 16)) {
            for (int run = 0; run < 3; run++) {
                ran(queue, size, runTime(size));
            }
        }
        clock.advance(Duration.ofSeconds(10));
        return queue;
    }

    private void ran(BatchQueue<String, Integer, String> queue, int size, Duration time) {
        clock.advance(Duration.ofSeconds(10));
        offer(queue, size);
        BatchForming.Run run = Objects.requireNonNull(queue.takeNow(size).run());
        clock.advance(time);
        queue.answered(run, size, size, time.toNanos());
        queue.done(run);
    }

    /** Two batches begin and end together, three times. */
    private void besideEachOther(BatchQueue<String, Integer, String> queue, int size, Duration time) {
        for (int pair = 0; pair < 3; pair++) {
            offer(queue, 2 * size);
            BatchForming.Run first = Objects.requireNonNull(queue.takeNow(size).run());
            BatchForming.Run second = Objects.requireNonNull(queue.takeNow(size).run());
            clock.advance(time);
            for (BatchForming.Run run : List.of(first, second)) {
                queue.answered(run, size, size, time.toNanos());
            }
            queue.done(first);
            queue.done(second);
            clock.advance(Duration.ofSeconds(10));
        }
    }

    /** Runs what waits at once. */
    private void run(BatchQueue<String, Integer, String> queue, int inputs) {
        BatchQueue.Take<String, Integer, String> take = queue.takeNow(MAX);
        assertThat(take.batch()).hasSize(inputs);
        clock.advance(runTime(inputs));
        BatchForming.Run run = Objects.requireNonNull(take.run());
        queue.answered(run, inputs, inputs, runTime(inputs).toNanos());
        queue.done(run);
    }

    private void offer(BatchQueue<String, Integer, String> queue, int inputs) {
        IntStream.range(0, inputs).forEach(i -> queue.offer(List.of(entry("a", Deadline.never())), 0));
    }

    private void offerAnnounced(BatchQueue<String, Integer, String> queue, int inputs) {
        IntStream.range(0, inputs).forEach(i -> queue.offer(List.of(entry("a", Deadline.never())), 1));
    }

    private Entry<String, Integer, String> entry(String key, Deadline deadline) {
        return new Entry<>(key, 1, deadline, () -> false, clock.getAsLong());
    }
}
