package io.captioner.training.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.contentOf;

import io.captioner.jobs.StorageException;
import io.captioner.jobs.UnusableJobException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TensorFlowException;

class CheckpointStoreTests {
    private final Path run;
    private final CheckpointStore store;

    CheckpointStoreTests(@TempDir Path run) {
        this.run = run;
        this.store = new CheckpointStore(run);
    }

    @Test
    void theNewestCheckpointIsFoundAgain() throws IOException {
        TrainingState state = TrainingState.initial("run").atStep(7);
        store.save(state, variables("seven"));
        store.save(state.atStep(12), variables("twelve"));

        assertThat(store.newest()).contains(state.atStep(12));
        assertThat(restored(12)).isEqualTo("twelve");
    }

    @Test
    void aRunWithoutCheckpointsHasNone() {
        assertThat(store.newest()).isEmpty();
    }

    @Test
    void theBestAndTheNewestAreKept() {
        TrainingState best = TrainingState.initial("run").atStep(10).afterEpoch(0.5, List.of());
        store.save(best, variables("best"));
        TrainingState worse = best.atStep(20).afterEpoch(0.4, List.of());
        store.save(worse, variables("worse"));
        store.save(worse.atStep(25), variables("newest"));

        assertThat(run.resolve("checkpoints")).isDirectoryContaining("glob:**step-00000010");
        assertThat(run.resolve("checkpoints")).isDirectoryNotContaining("glob:**step-00000020");
        assertThat(store.newest()).hasValueSatisfying(state -> {
            assertThat(state.best().step()).isEqualTo(10);
            assertThat(state.epochsWithoutGain()).isEqualTo(1);
        });
    }

    @Test
    void whatAKilledDeletionLeftIsDeletedAndOthersAreKept() throws IOException {
        TrainingState state = TrainingState.initial("run").atStep(10).afterEpoch(0.5, List.of());
        store.save(state, variables("best"));
        TrainingState newest = state.atStep(20);
        store.save(newest, variables("newest"));
        Path whole = Files.createDirectory(run.resolve("checkpoints/step-00000014"));
        Files.writeString(whole.resolve("state.json"), "{}");
        Path half = Files.createDirectory(run.resolve("checkpoints/step-00000018"));
        Files.writeString(half.resolve("variables.data"), "half");

        store.prune(newest);

        assertThat(whole).doesNotExist();
        assertThat(half).doesNotExist();
        assertThat(restored(10)).isEqualTo("best");
        assertThat(restored(20)).isEqualTo("newest");
    }

    @Test
    void aCheckpointThatFailedHalfWayLeavesTheLastOneIntact() {
        TrainingState state = TrainingState.initial("run").atStep(5);
        store.save(state, variables("five"));

        assertThatThrownBy(() -> store.save(state.atStep(6), prefix -> {
                    variables("half").accept(prefix);
                    throw new UncheckedIOException(new IOException("disk full"));
                }))
                .hasMessageContaining("disk full");

        assertThat(new CheckpointStore(run).newest()).contains(state);
        store.save(state.atStep(6), variables("six"));
        assertThat(store.newest()).contains(state.atStep(6));
    }

    @Test
    void aDiskThatIsFullWhileTensorFlowWritesLeavesTheLastOneIntact() {
        TrainingState state = TrainingState.initial("run").atStep(5);
        store.save(state, variables("five"));

        assertThatThrownBy(() -> store.save(state.atStep(6), prefix -> {
                    throw new TFResourceExhaustedException(prefix + "; No space left on device");
                }))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("free some space")
                .hasMessageContaining("start again to resume");

        assertThat(store.newest()).contains(state);
        assertThat(restored(5)).isEqualTo("five");
    }

    @Test
    void theStateOfAStepIsReplacedWithoutItsVariablesEverBeingAway() {
        TrainingState state = TrainingState.initial("run").atStep(5);
        store.save(state, variables("five"));

        store.save(state.afterEpoch(0.7, List.of()), prefix -> {
            throw new AssertionError("the variables of step 5 are there");
        });

        assertThat(store.newest()).contains(state.afterEpoch(0.7, List.of()));
        assertThat(restored(5)).isEqualTo("five");
    }

    @Test
    void whatAKilledProcessLeftIsNoCheckpoint() throws IOException {
        store.save(TrainingState.initial("run").atStep(5), variables("five"));
        Path left = run.resolve("checkpoints").resolve(".writing");
        Files.createDirectories(left);
        Files.writeString(left.resolve("variables.data"), "torn");

        assertThat(store.newest()).map(TrainingState::step).contains(5);
        store.save(TrainingState.initial("run").atStep(8), variables("eight"));
        assertThat(left).doesNotExist();
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        Files.writeString(run.resolve("checkpoints"), "a file, not a directory");

        assertThatThrownBy(() -> store.save(TrainingState.initial("run").atStep(1), variables("one")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("make the directory writable");
    }

    @Test
    void damagedVariablesAreRefusedWithWhatToDo() {
        store.save(TrainingState.initial("run").atStep(5), variables("five"));

        assertThatThrownBy(() -> store.restore(5, prefix -> {
                    throw new TensorFlowException("Data loss: bad block type");
                }))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContainingAll(
                        run.resolve("checkpoints/step-00000005").toString(),
                        "is damaged or not whole (Data loss: bad block type)",
                        "delete this directory",
                        "captioner.training.run-directory");
    }

    @Test
    void memoryThatEndsWhileVariablesAreReadIsNoDamage() {
        TFResourceExhaustedException exhausted = new TFResourceExhaustedException("out of memory");

        assertThatThrownBy(() -> store.restore(5, prefix -> {
                    throw exhausted;
                }))
                .isSameAs(exhausted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"run\": \"a\", \"st", "not JSON"})
    void aDamagedStateIsRefusedWithWhatToDo(String content) throws IOException {
        store.save(TrainingState.initial("run").atStep(5), variables("five"));
        Files.writeString(run.resolve("checkpoints/step-00000005/state.json"), content);

        assertThatThrownBy(store::newest)
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContaining("step-00000005 is damaged or not whole")
                .hasMessageContaining("delete this directory");
    }

    private String restored(int step) {
        StringBuilder content = new StringBuilder();
        store.restore(
                step,
                prefix -> content.append(contentOf(Path.of(prefix + ".data").toFile())));
        return content.toString();
    }

    private static Consumer<String> variables(String content) {
        return prefix -> {
            try {
                Files.writeString(Path.of(prefix + ".data"), content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
