package io.captioner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaidOutProgramTests {
    private static final FileTime BUILT = FileTime.from(Instant.parse("2026-11-30T10:00:00.123456Z"));

    private Path jar;
    private Path options;

    @BeforeEach
    void layOut(@TempDir Path directory) throws IOException {
        jar = Files.createFile(directory.resolve("program.jar"));
        options = Files.createFile(
                Files.createDirectory(directory.resolve("program")).resolve("java.options"));
        Files.setLastModifiedTime(jar, BUILT);
        Files.setLastModifiedTime(options, BUILT);
    }

    @Test
    void theProgramBesideTheJarStartsWithItsOptionsThenThoseOfTheJarAndTheSameArguments() throws IOException {
        assertThat(LaidOutProgram.command(jar, 17, List.of("-Xmx1g", "-Da=b c"), "--server.port=0", ""))
                .containsExactly(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + options,
                        "-Xmx1g",
                        "-Da=b c",
                        "-jar",
                        options.resolveSibling("captioner.jar").toString(),
                        "--server.port=0",
                        "");
    }

    @Test
    void theJarIsStartedWhereNothingIsLaidOut() throws IOException {
        Files.delete(options);

        assertThat(LaidOutProgram.command(jar, 25, List.of())).isEmpty();
    }

    @Test
    void theJarIsStartedWhereAnotherOneWasLaidOut() throws IOException {
        Files.setLastModifiedTime(jar, FileTime.from(BUILT.toInstant().plusNanos(1_000)));

        assertThat(LaidOutProgram.command(jar, 25, List.of())).isEmpty();
    }

    @Test
    void theJarIsStartedWithAnAgentWhichCouldNotStartTwice() throws IOException {
        assertThat(LaidOutProgram.command(jar, 25, List.of("-javaagent:otel.jar")))
                .isEmpty();
        assertThat(LaidOutProgram.command(jar, 25, List.of("-agentlib:jdwp=server=y")))
                .isEmpty();
    }

    @Test
    void theJarIsStartedByAJavaThatDoesNotKnowTheCache() throws IOException {
        Files.createFile(options.resolveSibling("captioner.aot"));

        assertThat(LaidOutProgram.command(jar, 21, List.of())).isEmpty();
        assertThat(LaidOutProgram.command(jar, 25, List.of())).isNotEmpty();
    }
}
