package io.captioner.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTests {
    private final FakeClock clock = new FakeClock();

    @Test
    void theTimeLeftShrinksToZeroAndStaysThere() {
        Deadline deadline = Deadline.after(Duration.ofMillis(10), clock);
        clock.advance(Duration.ofMillis(9));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(1));
        assertThat(deadline.expired()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(deadline.expired()).isTrue();
        clock.advance(Duration.ofDays(1));
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.expired()).isTrue();
    }

    @Test
    void noTimeAtAllIsADeadlineThatHasPassed() {
        assertThat(Deadline.after(Duration.ZERO, clock).expired()).isTrue();
        assertThat(Deadline.after(Duration.ofSeconds(-1), clock).expired()).isTrue();
    }

    @Test
    void aDeadlineMayLieFartherAwayThanNanosecondsReach() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), clock);
        assertThat(deadline.expired()).isFalse();
        assertThat(deadline.remaining()).isGreaterThan(Duration.ofDays(36_500));
    }

    @Test
    void neverNeverComes() {
        assertThat(Deadline.never().expired()).isFalse();
        assertThat(Deadline.never().remaining().toNanos()).isEqualTo(Long.MAX_VALUE);
    }
}
