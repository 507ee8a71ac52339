package io.captioner.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTests {
    @TempDir
    private Path folder;

    @Test
    void aFileIsReplacedAndNothingIsLeftBesideIt() throws IOException {
        Path file = AtomicFile.write(folder.resolve("a.json"), "old, and longer");

        AtomicFile.write(file, "new");

        assertThat(file).hasContent("new");
        assertThat(folder).isDirectoryContaining("glob:**/a.json");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aWriterThatFailsLeavesTheOldContent() throws IOException {
        Path file = AtomicFile.write(folder.resolve("a.json"), "old");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> AtomicFile.write(file, part -> {
                    Files.writeString(part, "ne");
                    throw new IOException("disk full");
                }));

        assertThat(file).hasContent("old");
        assertThat(AtomicFile.write(file, "newer")).hasContent("newer");
    }
}
