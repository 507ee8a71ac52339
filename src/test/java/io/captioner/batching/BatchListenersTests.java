package io.captioner.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchListenersTests {
    private final RecordingListener first = new RecordingListener();
    private final RecordingListener second = new RecordingListener();
    private final BatchListener failing = new BatchListener() {
        @Override
        public void refused(int inputs) {
            throw new IllegalStateException("a listener with a bug");
        }
    };

    @Test
    void everyEventReachesEveryListenerAlsoPastOneThatFails() {
        BatchListener all = BatchListener.all(List.of(first, failing, second));
        IllegalStateException cause = new IllegalStateException("x");

        all.enqueued(1, 2);
        all.refused(3);
        all.ran(1, 2, List.of(Duration.ZERO), Duration.ZERO);
        all.dropped(BatchListener.Drop.EXPIRED);
        all.retried(4, cause);
        all.failed(5, cause);
        all.ceilingChanged(8, 4);

        assertThat(first.events).hasSizeGreaterThanOrEqualTo(6).contains("refused 3", "ceiling 8 to 4");
        assertThat(second.events).isEqualTo(first.events);
    }
}
