package io.captioner;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program on the path, such as kubectl or helm, that a test runs where it is installed.
 *
 * @param file the program
 */
public record CommandLineTool(Path file) {
    /** What a program did: its exit status, and what it printed. */
    public record Result(int status, String output, String errors) {}

    /** Returns a program of the path; the test is skipped where there is none. */
    public static CommandLineTool onPath(String name) {
        Optional<Path> found = Stream.of(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "skipped: there is no %s on the path".formatted(name));
        return new CommandLineTool(found.orElseThrow());
    }

    /** Runs it to its end. */
    public Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(List.of(arguments));
        Path errors = Files.createTempFile("tool", ".err");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output, Files.readString(errors));
        } finally {
            Files.delete(errors);
        }
    }

    /**
     * Runs it to its end, and returns what it printed.
     *
     * @throws IllegalStateException if it fails; the message has what it said
     */
    public String output(String... arguments) throws IOException, InterruptedException {
        Result result = run(arguments);
        if (result.status() != 0) {
            throw new IllegalStateException("%s %s ended with %d: %s%s"
                    .formatted(
                            file.getFileName(),
                            String.join(" ", arguments),
                            result.status(),
                            result.output(),
                            result.errors()));
        }
        return result.output();
    }
}
