package io.captioner.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchQueueTests {
    private static final Duration DELAY = Duration.ofMillis(5);
    private final FakeClock clock = new FakeClock();

    @Test
    void withoutADelayWhateverIsThereIsABatch() {
        BatchQueue<String, Integer, String> queue = queue(Duration.ZERO);
        offer(queue, "a", 1);
        assertThat(inputs(queue.poll(4))).containsExactly(1);
        assertThat(queue.poll(4).isEmpty()).isTrue();
    }

    @Test
    void theDelayCountsFromTheOldestEntry() {
        BatchQueue<String, Integer, String> queue = queue(DELAY);
        offer(queue, "a", 1);
        clock.advance(Duration.ofMillis(3));
        offer(queue, "a", 2);
        BatchQueue.Take<String, Integer, String> early = queue.poll(4);
        assertThat(early.isEmpty()).isTrue();
        assertThat(early.waitNanos()).isEqualTo(Duration.ofMillis(2).toNanos());
        clock.advance(Duration.ofMillis(2));
        assertThat(inputs(queue.poll(4))).containsExactly(1, 2);
    }

    @Test
    void aFullBatchDoesNotWaitForTheDelay() {
        BatchQueue<String, Integer, String> queue = queue(DELAY);
        offer(queue, "a", 1, 2, 3, 4, 5);
        assertThat(inputs(queue.poll(4))).containsExactly(1, 2, 3, 4);
        assertThat(queue.poll(4).isEmpty()).isTrue();
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void entriesOfDifferentKeysNeverShareABatch() {
        BatchQueue<String, Integer, String> queue = queue(Duration.ZERO);
        offer(queue, "a", 1);
        offer(queue, "b", 2);
        offer(queue, "a", 3);
        assertThat(inputs(queue.poll(4))).containsExactly(1, 3);
        assertThat(inputs(queue.poll(4))).containsExactly(2);
    }

    @Test
    void whileTheOldestWaitsForCompanyAFullBatchOfAnotherKeyPasses() {
        BatchQueue<String, Integer, String> queue = queue(DELAY);
        offer(queue, "a", 1);
        offer(queue, "b", 2, 3);
        assertThat(inputs(queue.poll(2))).containsExactly(2, 3);
        offer(queue, "b", 4, 5);
        clock.advance(DELAY);
        assertThat(inputs(queue.poll(2))).containsExactly(1);
    }

    @Test
    void expiredEntriesAreGivenAwayApart() {
        BatchQueue<String, Integer, String> queue = queue(Duration.ZERO);
        Deadline soon = Deadline.after(Duration.ofMillis(1), clock);
        queue.offer(List.of(new Entry<>("a", 1, soon, () -> false, clock.getAsLong())), 0);
        offer(queue, "a", 2);
        clock.advance(Duration.ofMillis(1));
        BatchQueue.Take<String, Integer, String> take = queue.poll(4);
        assertThat(inputs(take)).containsExactly(2);
        assertThat(take.expired()).extracting(entry -> entry.input).containsExactly(1);
        assertThat(queue.size()).isZero();
    }

    @Test
    void anOfferIsTakenWholeOrNotAtAll() {
        BatchQueue<String, Integer, String> queue = queue(Duration.ZERO);
        assertThat(offer(queue, "a", 1, 2, 3, 4, 5)).isTrue();
        assertThat(offer(queue, "a", 6, 7, 8, 9)).isFalse();
        assertThat(queue.size()).isEqualTo(5);
        assertThat(offer(queue, "a", 6, 7, 8)).isTrue();
        assertThat(offer(queue, "a", 9)).isFalse();
    }

    @Test
    void aRemovedEntryMakesRoom() {
        BatchQueue<String, Integer, String> queue = queue(Duration.ZERO);
        Entry<String, Integer, String> entry = new Entry<>("a", 0, Deadline.never(), () -> false, clock.getAsLong());
        queue.offer(List.of(entry), 0);
        offer(queue, "a", 1, 2, 3, 4, 5, 6, 7);
        assertThat(offer(queue, "a", 8)).isFalse();
        assertThat(queue.remove(entry)).isTrue();
        assertThat(queue.remove(entry)).isFalse();
        assertThat(offer(queue, "a", 8)).isTrue();
    }

    @Test
    void aClosedQueueGivesAwayTheRestWithoutDelayAndThenEnds() throws InterruptedException {
        BatchQueue<String, Integer, String> queue = queue(DELAY);
        offer(queue, "a", 1);
        queue.close();
        assertThatThrownBy(() -> offer(queue, "a", 2))
                .isInstanceOfSatisfying(
                        BatchRejectedException.class,
                        rejected ->
                                assertThat(rejected.reason()).isEqualTo(BatchRejectedException.Reason.BATCHER_CLOSED));
        assertThat(queue.take(4))
                .isNotNull()
                .satisfies(take -> assertThat(inputs(take)).containsExactly(1));
        assertThat(queue.take(4)).isNull();
    }

    private BatchQueue<String, Integer, String> queue(Duration delay) {
        return new BatchQueue<>(new BatchSettings(4, List.of(1, 2, 4), 8, delay, 1), clock);
    }

    private boolean offer(BatchQueue<String, Integer, String> queue, String key, Integer... inputs) {
        return queue.offer(
                List.of(inputs).stream()
                        .map(input -> new Entry<String, Integer, String>(
                                key, input, Deadline.never(), () -> false, clock.getAsLong()))
                        .toList(),
                0);
    }

    private static List<Integer> inputs(BatchQueue.Take<String, Integer, String> take) {
        return take.batch().stream().map(entry -> entry.input).toList();
    }
}
