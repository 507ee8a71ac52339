package io.captioner.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.captioner.training.run.Trainer.DivergedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

class JobExitCodesTests {
    private final JobExitCodes codes = new JobExitCodes();

    @Test
    void aLossThatIsNoNumberEndsWithThree() {
        assertThat(codes.getExitCode(new DivergedException("step 7"))).isEqualTo(3);
    }

    @Test
    void whatAnotherTryCannotMendEndsWithTwo() {
        assertThat(codes.getExitCode(new UnusableJobException("other settings")))
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

    @ParameterizedTest
    @MethodSource
    void aFaultOfDataOrSettingsEndsWithTwoHoweverItIsWrapped(Exception fault) {
        assertThat(codes.getExitCode(fault)).isEqualTo(2);
        assertThat(codes.getExitCode(new IOException("photos.zip is not whole", fault)))
                .isEqualTo(2);
        assertThat(codes.getExitCode(new IllegalStateException("a reader ended", new ExecutionException(fault))))
                .isEqualTo(2);
    }

    static Stream<Exception> aFaultOfDataOrSettingsEndsWithTwoHoweverItIsWrapped() {
        return Stream.of(
                new AccessDeniedException("lost+found"),
                new MalformedInputException(1),
                new NotDirectoryException("photos"),
                new FileSystemException("photos", null, "Operation not permitted"),
                new IOException("Is a directory"),
                new ZipException("zip END header not found"),
                new InvalidPathException("a", "Nul character not allowed"),
                new StorageException("cannot write", new AccessDeniedException("runs")));
    }

    @Test
    void aJsonThatIsCutEndsWithTwoAndADiskThatFailsBelowJsonWithFour() {
        assertThat(codes.getExitCode(catchThrowable(() -> JsonMapper.shared().readTree("{"))))
                .isEqualTo(2);
        assertThat(codes.getExitCode(JacksonIOException.construct(new IOException("Input/output error"))))
                .isEqualTo(4);
    }
}
