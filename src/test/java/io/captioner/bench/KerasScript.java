package io.captioner.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program for Keras, in Python, beside this code. The last line it prints says how much it did, in how many seconds,
 * with how many seconds of processor time.
 *
 * @param python that runs it
 * @param name of its file
 */
record KerasScript(Path python, String name) {
    private static final Path FOLDER = Path.of("src/test/resources/io/captioner/bench");

    /** Runs it in a process of its own. */
    Measured run(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(python.toString(), FOLDER.resolve(name).toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(
                    "%s failed; run it by hand to see why: %s".formatted(name, String.join(" ", command)));
        }
        String[] figures = output.substring(output.lastIndexOf('\n') + 1).split(" ");
        return new Measured(
                Double.parseDouble(figures[0]), Double.parseDouble(figures[1]), Double.parseDouble(figures[2]));
    }
}
