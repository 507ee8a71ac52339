package io.captioner.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTests {
    @Test
    void aPercentileIsTheNearestRankOfAllThatWereAdded() {
        Latencies latencies = new Latencies();
        for (int millis = 1_000; millis >= 1; millis--) {
            latencies.add(millis * 1_000_000L);
        }

        assertThat(latencies.count()).isEqualTo(1_000);
        assertThat(latencies.millis(50)).isEqualTo(500);
        assertThat(latencies.millis(99)).isEqualTo(990);
        assertThat(latencies.millis(99.95)).isEqualTo(1_000);
        assertThat(latencies.millis(0.01)).isEqualTo(1);
    }

    @Test
    void ofNoneThereIsNeitherPercentileNorMean() {
        assertThat(new Latencies().millis(50)).isNaN();
        assertThat(new Latencies().meanMillis()).isNaN();
    }

    @Test
    void sumsHoldTheDurationsOfBoth() {
        Latencies one = new Latencies();
        one.add(1_000_000);
        Latencies other = new Latencies();
        other.add(3_000_000);

        one.addAll(other);

        assertThat(one.count()).isEqualTo(2);
        assertThat(one.millis(100)).isEqualTo(3);
        assertThat(one.meanMillis()).isEqualTo(2);
    }
}
