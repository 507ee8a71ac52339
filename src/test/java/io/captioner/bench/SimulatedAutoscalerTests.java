package io.captioner.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.bench.SimulatedAutoscaler.Policy;
import io.captioner.bench.SimulatedAutoscaler.Settings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedAutoscalerTests {
    private static final Settings SETTINGS = new Settings(
            1,
            20,
            0.2,
            List.of(new Policy(true, 100, 60), new Policy(false, 4, 60)),
            List.of(new Policy(false, 1, 60)),
            300);

    private final SimulatedAutoscaler autoscaler = new SimulatedAutoscaler(SETTINGS);

    @Test
    void asManyReplicasAreWantedAsTheMeanIsOverTheTarget() {
        assertThat(autoscaler.decide(0, 4, List.of(0.3, 0.3, 0.3, 0.3), 0)).isEqualTo(6);
    }

    @Test
    void aSmallDifferenceChangesNothing() {
        assertThat(autoscaler.decide(0, 4, Collections.nCopies(4, 0.219), 0)).isEqualTo(4);
        assertThat(autoscaler.decide(15, 4, Collections.nCopies(4, 0.181), 0)).isEqualTo(4);
    }

    @Test
    void growthIsLimitedForAMinuteByTheMoreGenerousPolicy() {
        assertThat(autoscaler.decide(0, 2, List.of(2.0, 2.0), 0)).isEqualTo(6);
        assertThat(autoscaler.decide(15, 6, Collections.nCopies(6, 2.0), 0)).isEqualTo(6);
        assertThat(autoscaler.decide(75, 6, Collections.nCopies(6, 2.0), 0)).isEqualTo(12);
    }

    @Test
    void podsThatAreStillPendingCountAsIdleSoThatNoneAreOrderedTwice() {
        // 2 of 6 are there: a mean of 0.6 over 6 pods is 0.2, the target.
        assertThat(autoscaler.decide(0, 6, List.of(0.6, 0.6), 4)).isEqualTo(6);
    }

    @Test
    void aPodWithoutAMetricCountsAsIdleWhereItGrowsAndAsOnTargetWhereItShrinks() {
        assertThat(autoscaler.decide(0, 2, List.of(0.6, Double.NaN), 0)).isEqualTo(3);
        SimulatedAutoscaler other = new SimulatedAutoscaler(SETTINGS);
        assertThat(other.decide(0, 2, List.of(0.0, Double.NaN), 0)).isEqualTo(1);
        assertThat(other.decide(0, 2, List.of(Double.NaN, Double.NaN), 0)).isEqualTo(2);
    }

    @Test
    void replicasGoOneAtATimeAndOnlyWhenNoneWereWantedForFiveMinutes() {
        assertThat(autoscaler.decide(0, 4, Collections.nCopies(4, 0.2), 0)).isEqualTo(4);
        for (double now = 15; now < 300; now += 15) {
            assertThat(autoscaler.decide(now, 4, Collections.nCopies(4, 0.0), 0))
                    .isEqualTo(4);
        }
        assertThat(autoscaler.decide(300, 4, Collections.nCopies(4, 0.0), 0)).isEqualTo(3);
        assertThat(autoscaler.decide(315, 3, Collections.nCopies(3, 0.0), 0)).isEqualTo(3);
        assertThat(autoscaler.decide(360, 3, Collections.nCopies(3, 0.0), 0)).isEqualTo(2);
    }

    @Test
    void thereAreNeverMoreNorFewerThanAllowed() {
        Settings narrow = new Settings(2, 3, 0.2, List.of(), List.of(new Policy(true, 100, 15)), 15);
        SimulatedAutoscaler limited = new SimulatedAutoscaler(narrow);

        assertThat(limited.decide(0, 2, List.of(9.0, 9.0), 0)).isEqualTo(3);
        assertThat(limited.decide(15, 3, List.of(0.0, 0.0, 0.0), 0)).isEqualTo(2);
    }

    @Test
    void theManifestIsWhatIsSimulated() throws Exception {
        Settings settings = Settings.read(Path.of("k8s", "components", "horizontal-pod-autoscaler", "autoscaler.yaml"));

        assertThat(settings.least()).isEqualTo(2);
        assertThat(settings.target()).isEqualTo(0.15);
        assertThat(settings.up()).containsExactly(new Policy(true, 100, 60), new Policy(false, 4, 60));
        assertThat(settings.downWindow()).isEqualTo(300);
    }
}
