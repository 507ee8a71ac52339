package io.captioner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** Directories of Spring contexts, which are kept for other test classes: they go when Java ends. */
public final class UntilExit {
    private UntilExit() {}

    /** Returns a new empty directory. */
    public static Path directory() throws IOException {
        Path directory = Files.createTempDirectory("captioner-test");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "delete " + directory));
        return directory;
    }

    private static void delete(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
