package io.captioner.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.training.run.DivergedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class JobExitCodesTests {
    private final JobExitCodes codes = new JobExitCodes();

    @Test
    void aLossThatIsNoNumberEndsWithThree() {
        assertThat(codes.getExitCode(new DivergedException("step 7"))).isEqualTo(3);
    }

    @Test
    void whatAnotherTryCannotMendEndsWithTwo() {
        assertThat(codes.getExitCode(new UnusableRunException("other settings")))
                .isEqualTo(2);
        assertThat(codes.getExitCode(new FileAlreadyExistsException("models/a/1")))
                .isEqualTo(2);
        assertThat(codes.getExitCode(
                        new IllegalStateException("Failed to execute", new NoSuchFileException("captions.jsonl"))))
                .isEqualTo(2);
        assertThat(codes.getExitCode(new UncheckedIOException(new NoSuchFileException("photo.jpg"))))
                .isEqualTo(2);
    }

    @Test
    void whatAnotherTryMayMendEndsWithFour() {
        IOException full = new IOException("No space left on device");
        assertThat(codes.getExitCode(new StorageException("cannot write", full)))
                .isEqualTo(4);
        assertThat(codes.getExitCode(new UncheckedIOException(full))).isEqualTo(4);
        assertThat(codes.getExitCode(new ExecutionException(new ConnectException("refused"))))
                .isEqualTo(4);
    }

    @Test
    void aRunDirectoryThatVanishedIsAFaultOfTheDiskNotOfTheSettings() {
        assertThat(codes.getExitCode(new StorageException("cannot write", new NoSuchFileException("run/steps.jsonl"))))
                .isEqualTo(4);
    }

    @Test
    void whatNobodyExpectedHasNoCodeOfItsOwn() {
        assertThat(codes.getExitCode(new IllegalStateException("bug: no step"))).isZero();
    }
}
