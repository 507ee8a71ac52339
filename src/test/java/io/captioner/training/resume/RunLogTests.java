package io.captioner.training.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.jobs.StorageException;
import io.captioner.training.graph.TrainingGraph.StepResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTests {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final TrainingState START = TrainingState.initial("run");

    @TempDir
    private Path directory;

    @Test
    void aResumedRunHasTheLinesOfOneThatWasNotStopped() throws IOException {
        RunLog whole = new RunLog(directory.resolve("whole"), CLOCK);
        whole.resume(START);
        steps(whole, 1, 6);
        whole.epoch(START.atStep(3).afterEpoch(0.1, List.of()), Map.of("CIDEr-D", 0.1));

        RunLog stopped = new RunLog(directory.resolve("stopped"), CLOCK);
        stopped.resume(START);
        steps(stopped, 1, 5);
        stopped.epoch(START.atStep(3).afterEpoch(0.1, List.of()), Map.of("CIDEr-D", 0.1));
        Files.writeString(
                directory.resolve("stopped/steps.jsonl"), "{\"step\":6,\"lo", StandardOpenOption.APPEND); // killed
        RunLog resumed = new RunLog(directory.resolve("stopped"), CLOCK);
        resumed.resume(START.atStep(3));
        steps(resumed, 4, 6);
        resumed.epoch(START.atStep(3).afterEpoch(0.1, List.of()), Map.of("CIDEr-D", 0.1));

        for (String file : List.of("steps.jsonl", "epochs.jsonl")) {
            assertThat(directory.resolve("stopped").resolve(file))
                    .hasSameTextualContentAs(directory.resolve("whole").resolve(file));
        }
    }

    @Test
    void aRunThatNeverCameToACheckpointStartsAnew() throws IOException {
        RunLog log = new RunLog(directory, CLOCK);
        steps(log, 1, 3);

        log.resume(START);

        assertThat(directory.resolve("steps.jsonl")).isEmptyFile();
    }

    @Test
    void aFullDiskIsToldWithWhatToDo() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "only Linux has a device that is always full");
        Files.createSymbolicLink(directory.resolve("steps.jsonl"), full);
        RunLog log = new RunLog(directory, CLOCK);

        assertThatThrownBy(() -> steps(log, 1, 1))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("steps.jsonl")
                .hasMessageContaining("free some space")
                .hasMessageContaining("start again to resume");
    }

    @Test
    void aRunDirectoryThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "no directory");

        assertThatThrownBy(() -> new RunLog(file.resolve("run"), CLOCK))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("captioner.training.run-directory");
    }

    private static void steps(RunLog log, int from, int to) {
        for (int step = from; step <= to; step++) {
            log.step(step, new StepResult(1.0 / step, 2.0 * step), 1e-3f, null);
        }
    }
}
