package io.captioner.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.bench.ReplicaSimulation.Period;
import io.captioner.bench.SimulatedAutoscaler.Policy;
import io.captioner.bench.SimulatedAutoscaler.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaSimulationTests {
    private static final ServiceCurve CURVE = ServiceCurve.through(0.05, 50);

    @Test
    void theCurveGoesThroughWhatWasMeasured() {
        assertThat(CURVE.seconds(1)).isCloseTo(0.05, within(1e-9));
        assertThat(CURVE.imagesPerSecond()).isCloseTo(50, within(1e-9));
        assertThat(CURVE.seconds(9)).isEqualTo(CURVE.seconds(16));
        assertThat(CURVE.seconds(5)).isEqualTo(CURVE.seconds(8)).isGreaterThan(CURVE.seconds(4));
    }

    @Test
    void aPhotoThatComesAloneWaitsForNobody() {
        SimulatedReplica replica = new SimulatedReplica(CURVE, 0, 0);
        Latencies waits = new Latencies();

        replica.offer(1, (waited, took) -> waits.add((long) (1e9 * waited)));
        replica.offer(1.01, (waited, took) -> waits.add((long) (1e9 * waited)));
        replica.advance(2, (waited, took) -> waits.add((long) (1e9 * waited)));

        assertThat(waits.count()).isEqualTo(2);
        assertThat(waits.millis(50)).isZero();
        assertThat(waits.millis(100)).isCloseTo(40, within(0.001)); // the rest of the first one's run
    }

    @Test
    void whatTheRuleOfTheAdapterSaysIsTheMeanWaitOfTheLastMinute() {
        SimulatedReplica replica = new SimulatedReplica(CURVE, 0, 0);
        replica.scrape(0);
        assertThat(replica.queueSeconds(0)).isNaN();
        replica.offer(1, (waited, took) -> {});
        replica.offer(1.01, (waited, took) -> {});
        replica.advance(15, (waited, took) -> {});
        replica.scrape(15);

        assertThat(replica.queueSeconds(15)).isCloseTo(0.02, within(1e-9));
        replica.scrape(30);
        replica.scrape(75);
        replica.scrape(80);
        assertThat(replica.queueSeconds(80)).isZero();
    }

    @Test
    void beyondItsCapacityAReplicaAnswersAsManyAsItCanAndRefusesTheRest() {
        List<Period> periods = new ReplicaSimulation(CURVE, 1, null, 0, 0, 1).run(600, second -> 100);

        long answered =
                periods.stream().mapToLong(period -> period.waits().count()).sum();
        long refused = periods.stream().mapToLong(Period::refused).sum();
        long offered = periods.stream().mapToLong(Period::offered).sum();
        assertThat(answered / 600.0).isCloseTo(50, within(0.5));
        assertThat(offered / 600.0).isCloseTo(100, within(2.0));
        assertThat(offered - refused - answered).isBetween(0L, 128L);
    }

    @Test
    void withAnAutoscalerTenTimesTheLoadIsBorneAfterAWhile() {
        Settings settings =
                new Settings(2, 20, 0.15, List.of(new Policy(true, 100, 60)), List.of(new Policy(false, 1, 120)), 300);

        List<Period> periods = new ReplicaSimulation(CURVE, 2, new SimulatedAutoscaler(settings), 0, 10, 1)
                .run(900, second -> second < 60 ? 40 : 400);

        assertThat(periods.stream().filter(period -> period.from() == 60)).allMatch(period -> period.refused() > 0);
        assertThat(periods.stream().filter(period -> period.from() >= 600)).allMatch(period -> period.refused() == 0);
        assertThat(periods.get(0).ready()).isEqualTo(2);
        assertThat(periods.get(periods.size() - 1).ready()).isGreaterThan(8);
    }

    @Test
    void theSameSeedGivesTheSameCourse() {
        assertThat(offered(1)).isEqualTo(offered(1)).isNotEqualTo(offered(2));
    }

    private static List<Long> offered(long seed) {
        return new ReplicaSimulation(CURVE, 3, null, 0, 0, seed)
                .run(60, second -> 90).stream().map(Period::offered).toList();
    }
}
