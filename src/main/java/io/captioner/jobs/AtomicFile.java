package io.captioner.jobs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that are replaced as a whole: the content is written beside the file, forced to disk and renamed. A reader, and
 * a process that is killed at any time, finds the old content or the new, never a part.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Writer {
        /** Writes all of the content to a file that may exist. */
        void write(Path file) throws IOException;
    }

    /**
     * Replaces a file.
     *
     * @return the file
     */
    public static Path write(Path file, byte[] content) throws IOException {
        return write(file, part -> Files.write(part, content));
    }

    /**
     * Replaces a file by UTF-8 text.
     *
     * @return the file
     */
    public static Path write(Path file, String text) throws IOException {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Replaces a file by what a writer writes into {@code .<name>.writing} beside it.
     *
     * @return the file
     */
    public static Path write(Path file, Writer content) throws IOException {
        Path part = file.resolveSibling("." + file.getFileName() + ".writing");
        content.write(part);
        force(part);
        return rename(part, file);
    }

    /**
     * Renames a complete file or directory, in one step that survives a power failure.
     *
     * @return the target
     */
    public static Path rename(Path complete, Path target) throws IOException {
        Files.move(complete, target, StandardCopyOption.ATOMIC_MOVE);
        Path directory = target.toAbsolutePath().getParent();
        if (directory != null) {
            forceDirectory(directory);
        }
        return target;
    }

    /** Forces the content of a file to disk. */
    public static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Forces the names in a directory to disk, where the file system can. */
    public static void forceDirectory(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
