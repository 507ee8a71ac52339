package io.captioner.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressBarTests {
    private final List<String> lines = new ArrayList<>();
    private long now = 1_000_000_000_000L;

    private final ProgressBar logged = ProgressBar.inLines(lines::add, Duration.ofSeconds(10), () -> now);

    @Test
    void aLineSaysCountRateRemainingTimeAndRemark() {
        Progress.Task task = logged.start("features", 7090);

        pass(Duration.ofSeconds(10));
        task.step(1418, "loss 2.31");

        assertThat(lines).containsExactly("features 1,418/7,090, 141.8/s, 0:40 left, loss 2.31");
    }

    @Test
    void linesComeAtMostOncePerInterval() {
        Progress.Task task = logged.start("train", 100);

        for (int i = 0; i < 35; i++) {
            pass(Duration.ofSeconds(1));
            task.step(1, "");
        }

        assertThat(lines).hasSize(3);
        assertThat(lines.get(2)).startsWith("train 30/100");
    }

    @Test
    void closingSaysHowLongItTookOnce() {
        Progress.Task task = logged.start("train", 2);
        pass(Duration.ofMinutes(61));
        task.step(2, "");

        task.close();
        task.close();

        assertThat(lines).containsExactly("train 2/2, 0.0/s, took 1:01:00");
    }

    @Test
    void aTaskThatStoppedEarlySaysHowFarItCame() {
        Progress.Task task = logged.start("train", 4);
        pass(Duration.ofSeconds(2));
        task.step(1, "");

        task.close();

        assertThat(lines).containsExactly("train 1/4, 0.5/s, 0:06 left");
    }

    @Test
    void beforeTheFirstStepTheRemainingTimeIsUnknown() {
        logged.start("train", 4).close();

        assertThat(lines).containsExactly("train 0/4, 0.0/s, ? left");
    }

    @Test
    void anEmptyTaskIsDone() {
        logged.start("features", 0).close();

        assertThat(lines).containsExactly("features 0/0, 0.0/s, took 0:00");
    }

    @Test
    void aTerminalShowsABarThatRedrawsItselfAndEndsItsLine() {
        StringWriter screen = new StringWriter();
        ProgressBar bar = ProgressBar.onTerminal(new PrintWriter(screen), () -> now);

        try (Progress.Task task = bar.start("train", 4)) {
            pass(Duration.ofMillis(100));
            task.step(1, "");
            assertThat(screen.toString())
                    .as("redrawn at most five times a second")
                    .isEmpty();
            pass(Duration.ofMillis(900));
            task.step(1, "");
        }

        String half = "\rtrain [############............] 2/4, 2.0/s, 0:01 left\u001b[K";
        assertThat(screen).hasToString(half + half + System.lineSeparator());
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
