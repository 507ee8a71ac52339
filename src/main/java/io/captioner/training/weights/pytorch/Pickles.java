package io.captioner.training.weights.pytorch;

import io.captioner.files.UnusableFileException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads Python's pickles of protocol 0 to 4, without executing anything in them. */
public final class Pickles {
    private Pickles() {}

    /**
     * Reads the first pickle of a file: maps, lists, arrays for tuples, strings, numbers and {@link PythonObject}s.
     *
     * @throws UnusableFileException if it is no pickle, or one that is cut off, damaged or beyond all measure
     * @throws IOException if the file cannot be read
     */
    public static @Nullable Object read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(file, in, new SafeUnpickler());
        }
    }

    /** Reads the next pickle of a stream, and not a byte beyond it. */
    static @Nullable Object read(Path file, InputStream in, SafeUnpickler unpickler) throws IOException {
        EndedStream ended = new EndedStream(in);
        try {
            return unpickler.load(ended);
        } catch (RuntimeException | StackOverflowError e) { // whatever hostile bytes make of the library
            throw damaged(file, e);
        } catch (IOException e) {
            throw ended.isOver ? damaged(file, e) : e;
        }
    }

    /** A stream that tells whether its end was reached: the library's exception for that is the one of a disk. */
    private static final class EndedStream extends FilterInputStream {
        private boolean isOver;

        EndedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            isOver |= next < 0;
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            isOver |= read < 0;
            return read;
        }
    }

    static UnusableFileException damaged(Path file, Throwable cause) {
        return new UnusableFileException(
                "%s is no checkpoint, cut off or damaged (%s); fetch it again".formatted(file, cause.getMessage()),
                cause);
    }
}
