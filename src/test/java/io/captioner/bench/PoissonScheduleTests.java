package io.captioner.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PoissonScheduleTests {
    private static final int ARRIVALS = 100_000;
    private static final double RATE = 50;

    @Test
    void gapsAreExponentialWithTheMeanOfTheRate() {
        PoissonSchedule schedule = new PoissonSchedule(RATE, 7);
        double sum = 0;
        double squares = 0;
        long last = 0;
        for (int i = 0; i < ARRIVALS; i++) {
            long next = schedule.next();
            assertThat(next).isGreaterThanOrEqualTo(last);
            double gap = (next - last) / 1e9;
            sum += gap;
            squares += gap * gap;
            last = next;
        }

        double mean = sum / ARRIVALS;
        double variance = squares / ARRIVALS - mean * mean;
        assertThat(mean).isCloseTo(1 / RATE, within(0.02 / RATE));
        assertThat(Math.sqrt(variance)).isCloseTo(1 / RATE, within(0.03 / RATE));
    }

    @Test
    void theSameSeedGivesTheSameArrivals() {
        PoissonSchedule one = new PoissonSchedule(RATE, 3);
        PoissonSchedule other = new PoissonSchedule(RATE, 3);
        PoissonSchedule another = new PoissonSchedule(RATE, 4);

        long first = one.next();
        assertThat(other.next()).isEqualTo(first);
        assertThat(another.next()).isNotEqualTo(first);
    }
}
