package io.captioner.batching;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Under all interleavings that Lincheck tries, the queue and the permits behave as if called one after the other. The
 * ordinary suite tries a few hundred; {@code ./mvnw test -Dtest=BatchingInterleavingTests -Dcaptioner.lincheck=true
 * -Djacoco.skip -DargLine=} tries thousands, which takes minutes.
 */
class BatchingInterleavingTests {
    @Test
    void theQueueIsLinearizable() {
        options().check(QueueOperations.class);
    }

    @Test
    void thePermitsAreLinearizable() {
        options().check(AdmissionOperations.class);
    }

    private static ModelCheckingOptions options() {
        boolean all = Boolean.getBoolean("captioner.lincheck");
        return new ModelCheckingOptions()
                .iterations(all ? 20 : 5)
                .invocationsPerIteration(all ? 200 : 50)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1);
    }

    /** A queue of two and three entries that go in and out of it. */
    public static class QueueOperations {
        private final BatchQueue<String, Integer, String> queue =
                new BatchQueue<>(new BatchSettings(2, List.of(1, 2), 2, Duration.ZERO, 1), () -> 0);
        private final Entry<String, Integer, String> first = new Entry<>("a", 1, Deadline.never(), () -> false, 0);
        private final Entry<String, Integer, String> second = new Entry<>("a", 2, Deadline.never(), () -> false, 0);

        /** A run of any size takes 1, so that a free device waits for what is announced, for 1 at most. */
        public QueueOperations() {
            queue.offer(List.of(first), 0);
            BatchQueue.Take<String, Integer, String> take = queue.takeNow(1);
            BatchForming.Run run = Objects.requireNonNull(take.run());
            queue.answered(run, 1, 1, 1);
            queue.done(run);
        }

        @Operation
        public String offerFirst() {
            return offer(first);
        }

        @Operation
        public String offerSecond() {
            return offer(second);
        }

        @Operation
        public boolean cancelFirst() {
            return queue.remove(first);
        }

        @Operation
        public String poll() {
            StringBuilder inputs = new StringBuilder();
            queue.poll(2).batch().forEach(entry -> inputs.append(entry.input));
            return inputs.toString();
        }

        @Operation
        public void announce() {
            queue.announce("a", 1);
        }

        @Operation
        public void withdraw() {
            queue.withdraw("a", 1);
        }

        @Operation
        public int size() {
            return queue.size();
        }

        @Operation
        public void close() {
            queue.close();
        }

        private String offer(Entry<String, Integer, String> entry) {
            try {
                return String.valueOf(queue.offer(List.of(entry), 0));
            } catch (BatchRejectedException closed) {
                return "closed";
            }
        }
    }

    /** An admission with three permits. */
    public static class AdmissionOperations {
        private final Admission admission = new Admission(3, 0, () -> 0);
        private final Permit shared = admission.acquire(1, Deadline.never());

        @Operation
        public boolean acquireOne() {
            return acquire(1);
        }

        @Operation
        public boolean acquireTwo() {
            return acquire(2);
        }

        @Operation
        public void releaseShared() {
            shared.close();
        }

        @Operation
        public int inUse() {
            return admission.inUse();
        }

        private boolean acquire(int images) {
            try {
                return admission.acquire(images, Deadline.never()).images() == images;
            } catch (BatchRejectedException full) {
                return false;
            }
        }
    }
}
