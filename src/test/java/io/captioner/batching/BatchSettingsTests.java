package io.captioner.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchSettingsTests {
    @Test
    void sensibleSettingsAreAccepted() {
        List<Integer> sizes = new ArrayList<>(List.of(1, 2, 4));
        BatchSettings settings = new BatchSettings(4, sizes, 4, Duration.ZERO, 1);
        sizes.clear();
        assertThat(settings.allowedSizes()).containsExactly(1, 2, 4);
    }

    @Test
    void settingsThatContradictEachOtherSayWhatToChange() {
        refused(0, List.of(), 8, Duration.ZERO, 1, "maximum batch size must be at least 1");
        refused(4, List.of(), 8, Duration.ZERO, 1, "end the allowed batch sizes [] with the maximum batch size 4");
        refused(4, List.of(1, 2), 8, Duration.ZERO, 1, "end the allowed batch sizes [1, 2]");
        refused(4, List.of(1, 1, 4), 8, Duration.ZERO, 1, "ascending order");
        refused(4, List.of(0, 4), 8, Duration.ZERO, 1, "ascending order from 1");
        refused(4, List.of(1, 4), 3, Duration.ZERO, 1, "make the queue longer or the batches smaller");
        refused(4, List.of(1, 4), 8, Duration.ofNanos(-1), 1, "between 0 and 1 minute");
        refused(4, List.of(1, 4), 8, Duration.ofSeconds(61), 1, "between 0 and 1 minute");
        refused(4, List.of(1, 4), 8, Duration.ZERO, 0, "at least 1 attempt");
        assertThatThrownBy(() -> new BatchSettings(4, List.of(1, 4), 8, Duration.ZERO, 1, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("concurrent batches must be 1 to 64, not 0");
        for (int devices : new int[] {0, 3}) {
            assertThatThrownBy(() -> new BatchSettings(4, List.of(1, 4), 8, Duration.ZERO, 1, 2, devices))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the number of concurrent batches, not ");
        }
    }

    private static void refused(
            int maxBatchSize, List<Integer> sizes, int capacity, Duration delay, int attempts, String message) {
        assertThatThrownBy(() -> new BatchSettings(maxBatchSize, sizes, capacity, delay, attempts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
