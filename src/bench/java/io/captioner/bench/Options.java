package io.captioner.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a run was asked for: the system properties {@code bench} and {@code bench.*}.
 *
 * @param scenario name of the scenario
 * @param seconds {@code bench.seconds}, the length of one measurement; null leaves it to the scenario
 * @param requests {@code bench.requests}, how many of what the scenario counts; null leaves it to the scenario
 * @param models directory of the bundles that are served and measured
 * @param photos a folder of JPEGs, or null for drawn photos
 * @param python a Python that has TensorFlow, to measure Keras or a peer with; null measures without
 * @param seed seed of drawn photos and of damage
 * @param jar the packaged program
 * @param target directory for logs and results
 * @param output where the results go as JSON
 * @param serverArguments further arguments of the program
 * @param urls servers that run already, for {@code replicas}; empty starts them
 */
record Options(
        String scenario,
        @Nullable Duration seconds,
        @Nullable Integer requests,
        Path models,
        @Nullable Path photos,
        @Nullable Path python,
        long seed,
        Path jar,
        Path target,
        Path output,
        List<String> serverArguments,
        List<String> urls) {
    private static final Path KERAS = Path.of("src", "bench", "python");
    private static final Path PEER = Path.of("src", "bench", "peers", "server.py");
    private static final Path LAY_OUT = Path.of("src", "main", "docker", "fast-start.sh");

    /**
     * The two commands that start the program as it was laid out.
     *
     * @param program its own
     * @param jar the one of the jar that it was laid out of
     */
    record LaidOut(List<String> program, List<String> jar) {}

    /** Reads the options; a property that is missing or empty has its default. */
    static Options read(Properties properties) {
        String scenario = value(properties, "bench", "throughput");
        String seconds = value(properties, "bench.seconds", "");
        String photos = value(properties, "bench.photos", "");
        String python = value(properties, "bench.python", "");
        String requests = value(properties, "bench.requests", "");
        Path target = Path.of(value(properties, "bench.target", "target/bench"));
        String output = value(
                properties, "bench.output", target.resolve(scenario + ".json").toString());
        return new Options(
                scenario,
                seconds.isEmpty() ? null : Duration.ofMillis(Math.round(1000 * Double.parseDouble(seconds))),
                requests.isEmpty() ? null : Integer.valueOf(requests),
                Path.of(value(properties, "bench.models", "models")),
                photos.isEmpty() ? null : Path.of(photos),
                python.isEmpty() ? null : Path.of(python),
                Long.parseLong(value(properties, "bench.seed", "1")),
                Path.of(value(properties, "bench.jar", "target/captioner.jar")),
                target,
                Path.of(output),
                words(value(properties, "bench.server", "")),
                words(value(properties, "bench.url", "")));
    }

    /** Returns the folder of Gatling's reports. */
    Path reports() {
        return target.resolve(scenario);
    }

    /** Returns the length of one measurement. */
    Duration seconds(long otherwise) {
        return seconds == null ? Duration.ofSeconds(otherwise) : seconds;
    }

    /** Returns how many of what the scenario counts. */
    int requests(int otherwise) {
        return requests == null ? otherwise : requests;
    }

    /** Returns the command that starts the jar, with these options of its virtual machine. */
    List<String> java(List<String> jvm) {
        return java(jvm, jar);
    }

    private static List<String> java(List<String> jvm, Path jar) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /** Returns the command that starts the jar where nothing is laid out beside it. */
    List<String> javaAlone() throws IOException {
        return java(List.of(), jarNamed("alone.jar"));
    }

    /** Lays the jar out so that it starts fast, as the image does. */
    LaidOut layOut() throws IOException, InterruptedException {
        Path named = jarNamed("laid-out.jar");
        Path log = target.resolve("laid-out.log");
        ProcessBuilder builder = new ProcessBuilder("bash", LAY_OUT.toString(), named.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("CAPTIONER_MODELS", models.toAbsolutePath().toString());
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("%s ended with status %d: see %s".formatted(LAY_OUT, status, log));
        }
        String program = target.resolve("laid-out").resolve("captioner").toString();
        return new LaidOut(List.of(program), java(List.of(), named));
    }

    private Path jarNamed(String name) throws IOException {
        Files.createDirectories(target);
        Path named = target.resolve(name);
        Files.deleteIfExists(named);
        return Files.createLink(named, jar);
    }

    /** Returns the command of a program for Keras, in Python; without {@code bench.python} there is none. */
    List<String> keras(String script, String... arguments) {
        return python(KERAS.resolve(script), arguments);
    }

    /** Returns the command of the peer, in Python. */
    List<String> peer(String... arguments) {
        if (python == null) {
            throw new IllegalStateException(
                    "the peer needs a Python with src/bench/peers/requirements.txt: set bench.python");
        }
        return python(PEER, arguments);
    }

    private List<String> python(Path script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(String.valueOf(python), script.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String value(Properties properties, String name, String otherwise) {
        String value = properties.getProperty(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\\s+"));
    }
}
