package io.captioner.jobs;

import io.captioner.training.run.DivergedException;
import io.captioner.image.UnreadableImageException;
import io.captioner.model.BrokenBundleException;
import io.captioner.training.data.FaultyDatasetException;
import io.captioner.training.input.UnusableFileException;
import io.captioner.training.weights.WeightsMismatchException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import org.springframework.boot.ExitCodeExceptionMapper;
import tools.jackson.core.JacksonException;

/**
 * The exit codes by which a scheduler knows whether to try a job again: the outermost failure that says something
 * decides. What is not listed here ends with 1, what failed before the job started with 2.
 */
public final class JobExitCodes implements ExitCodeExceptionMapper {
    /** Settings or data are wrong; the same job would fail again. */
    static final int UNUSABLE = 2;

    /** The loss is no number any more; the same job would fail again. */
    static final int DIVERGED = 3;

    /** A disk, a network or a service failed; the job goes on from its last checkpoint when it is tried again. */
    static final int STORAGE = 4;

    private static final List<Class<?>> SETTINGS_AND_DATA = List.of(
            UnusableRunException.class,
            UnusableFileException.class,
            FaultyDatasetException.class,
            WeightsMismatchException.class,
            BrokenBundleException.class,
            UnreadableImageException.class,
            JacksonException.class,
            FileAlreadyExistsException.class,
            NoSuchFileException.class,
            FileNotFoundException.class,
            NotDirectoryException.class,
            CharacterCodingException.class);

    @Override
    public int getExitCode(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            int code = codeOf(cause);
            if (code != 0) {
                return code;
            }
        }
        return 0;
    }

    private static int codeOf(Throwable failure) {
        if (failure instanceof DivergedException) {
            return DIVERGED;
        }
        if (failure instanceof StorageException) {
            return STORAGE;
        }
        if (SETTINGS_AND_DATA.stream().anyMatch(type -> type.isInstance(failure))) {
            return UNUSABLE;
        }
        return failure instanceof IOException ? STORAGE : 0;
    }
}
