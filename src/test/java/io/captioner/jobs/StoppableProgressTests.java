package io.captioner.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.GenericApplicationContext;

class StoppableProgressTests {
    private final List<String> lines = new ArrayList<>();

    @Test
    void aTaskEndsAtItsNextStepOnceTheContextIsClosed() {
        StoppableProgress progress =
                new StoppableProgress(ProgressBar.inLines(lines::add, Duration.ofSeconds(1), () -> 0));
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            context.registerBean(StoppableProgress.class, () -> progress);
            context.refresh();
            context.getBean(StoppableProgress.class).start("before", 2).step(1, "");
        }

        try (Progress.Task task = progress.start("epoch 1 of 3", 5)) {
            assertThatExceptionOfType(JobStoppedException.class)
                    .isThrownBy(() -> task.step(2, "loss 3.1"))
                    .withMessageContaining("epoch 1 of 3")
                    .satisfies(stopped ->
                            assertThat(new JobExitCodes().getExitCode(stopped)).isEqualTo(143));
        }

        assertThat(lines).singleElement().asString().contains("2/5").contains("loss 3.1");
    }
}
