package io.captioner.jobs;

import io.captioner.files.FileFaults;
import io.captioner.files.UnusableFileException;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.model.BrokenBundleException;
import io.captioner.model.gpu.DeviceRefusedException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.ExitCodeExceptionMapper;
import org.springframework.boot.ExitCodeGenerator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;

/**
 * The exit codes, from which a scheduler decides whether to retry a job: of a failure and its causes the outermost that
 * has a code of its own decides; if none has, any input or output failure among them is one of the disk or network.
 * What is not listed here ends with 1, what failed before the job started with 2.
 */
public final class JobExitCodes implements ExitCodeExceptionMapper {
    /** Settings or data are wrong; the same job would fail again. */
    public static final int UNUSABLE = 2;

    /** The loss is not finite; the same job would fail again. */
    public static final int DIVERGED = 3;

    /** The process was told to end (SIGTERM); the same job goes on from where it stopped. */
    static final int STOPPED = 143;

    /** A disk, a network or a service failed; a retry continues from the last checkpoint. */
    static final int STORAGE = 4;

    private static final List<Class<?>> SETTINGS_AND_DATA = List.of(
            UnusableFileException.class,
            BrokenBundleException.class,
            UnreadableImageException.class,
            DeviceRefusedException.class,
            InvalidPathException.class,
            JacksonException.class);

    @Override
    public int getExitCode(Throwable failure) {
        boolean storage = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            int code = codeOf(cause);
            if (code != 0) {
                return code;
            }
            storage |= cause instanceof IOException;
        }
        return storage ? STORAGE : 0;
    }

    /** Returns what decides the exit code: the failure, or the one of its causes that has a code of its own. */
    static Throwable decisive(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (codeOf(cause) != 0) {
                return cause;
            }
        }
        Throwable cause = failure;
        while (!(cause instanceof IOException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof IOException ? cause : failure;
    }

    private static int codeOf(Throwable failure) {
        if (failure instanceof ExitCodeGenerator generator) {
            return generator.getExitCode();
        }
        if (failure instanceof StorageException storage) {
            // A run directory that is missing existed when the run began: a missing file in it is no fault of the
            // settings.
            IOException cause = Objects.requireNonNull(storage.getCause());
            return cause instanceof NoSuchFileException || !FileFaults.isPermanent(cause) ? STORAGE : UNUSABLE;
        }
        if (failure instanceof JacksonIOException) {
            return 0; // its cause decides
        }
        boolean unusable = SETTINGS_AND_DATA.stream().anyMatch(type -> type.isInstance(failure))
                || failure instanceof IOException io && FileFaults.isPermanent(io);
        return unusable ? UNUSABLE : 0;
    }
}
