package io.captioner.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadTests {
    private static final long SECOND = 1_000_000_000;

    private final Load load = new Load(
            List.of(
                    new Sample(0, SECOND, 200),
                    new Sample(SECOND, 2 * SECOND - 1, 200),
                    new Sample(SECOND, SECOND + 5_000_000, 429),
                    new Sample(SECOND, 4 * SECOND, 200),
                    new Sample(SECOND, 2 * SECOND, Sample.NONE)),
            0,
            2 * SECOND);

    @Test
    void onlyGoodAnswersThatCameDuringTheLoadAreGoodput() {
        assertThat(load.goodput()).isEqualTo(1);
        assertThat(load.goodput(SECOND, 2 * SECOND)).isEqualTo(2);
    }

    @Test
    void latencyCountsFromWhenARequestWasDueAlsoForLateAnswers() {
        assertThat(load.latencies(Sample::ok).millis(100)).isEqualTo(3_000);
        assertThat(load.latencies(Sample::refused).millis(100)).isEqualTo(5);
    }

    @Test
    void noAnswerIsAFaultAndARefusalIsNone() {
        assertThat(load.statuses()).isEqualTo(Map.of(200, 3L, 429, 1L, Sample.NONE, 1L));
        assertThat(Faults.count(load)).isEqualTo(1);
        assertThat(Faults.isFault(500)).isTrue();
        assertThat(Faults.isFault(503)).isFalse();
    }
}
