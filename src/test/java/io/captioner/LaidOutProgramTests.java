package io.captioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
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
    void aLayoutOfAnotherJarIsNamedInTheLog(CapturedOutput output) throws IOException {
        LaidOutProgram.warnIfOfAnotherJar(jar.toString());
        LaidOutProgram.warnIfOfAnotherJar("no path\0"); // as the class path of an IDE on Windows
        assertThat(output).isEmpty();

        Files.setLastModifiedTime(jar, FileTime.from(BUILT.toInstant().plusNanos(1_000)));
        LaidOutProgram.warnIfOfAnotherJar(jar.toString());

        assertThat(output)
                .contains("%s was not used for a fast start: it was laid out of another %s."
                        .formatted(options.getParent(), jar));
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

    @Test
    void theProcessGoesOnWithoutALayout() throws IOException {
        Files.delete(options);

        assertThatCode(() -> LaidOutProgram.replaceProcess(new String[0])).doesNotThrowAnyException();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void javaJarGoesOnAsTheLaidOutProgram() throws Exception {
        writeJar(jar, Starts.class);
        writeJar(options.resolveSibling("captioner.jar"), Arrives.class);
        Files.writeString(options, "-Dof.layout=1\n");
        Files.setLastModifiedTime(jar, BUILT);
        Files.setLastModifiedTime(options, BUILT);

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dof.jar=2",
                        "-jar",
                        jar.toString(),
                        "two words")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).endsWith("%d, 1, 2, two words%n".formatted(process.pid()));
    }

    private static void writeJar(Path file, Class<?> main) throws IOException {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" "));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
    }

    /** The program of the jar. */
    static final class Starts {
        private Starts() {}

        public static void main(String[] arguments) {
            LaidOutProgram.replaceProcess(arguments);
        }
    }

    /** The program that is laid out. */
    static final class Arrives {
        private Arrives() {}

        public static void main(String[] arguments) {
            try (PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out))) {
                out.printf(
                        "%d, %s, %s, %s%n",
                        ProcessHandle.current().pid(),
                        System.getProperty("of.layout"),
                        System.getProperty("of.jar"),
                        arguments[0]);
            }
        }
    }
}
