package io.captioner.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.captioner.Pictures;
import io.captioner.model.ColourBundle;
import java.awt.Color;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The packaged jar under a whole Spark of its own, in processes of its own: {@code ./mvnw -Pspark verify}. */
@Tag("packaged")
class PackagedSparkJobTests {
    private static final int PHOTOS = 40;
    private static final long LIMIT_SECONDS = 240;
    private static final Pattern DECIMALS = Pattern.compile("-?\\d+\\.\\d{5,}(E-?\\d+)?");

    /** What {@code spark-submit} gives its JVM. */
    private static final List<String> MODULES = Stream.of(
                    "java.lang",
                    "java.lang.invoke",
                    "java.lang.reflect",
                    "java.io",
                    "java.net",
                    "java.nio",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "sun.nio.ch",
                    "sun.nio.cs",
                    "sun.security.action",
                    "sun.util.calendar")
            .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
            .toList();

    @TempDir
    private Path directory;

    private Path bundle;

    @BeforeEach
    void drawPhotos() throws IOException {
        bundle = new ColourBundle().write(directory.resolve("models"), "colours", "1");
        Path photos = Files.createDirectories(directory.resolve("photos/some more"));
        for (int i = 0; i < PHOTOS; i++) {
            Files.write(
                    photos.resolve("%02d.png".formatted(i)), Pictures.png(new Color(i * 6, 40, 250 - i * 6), 16, 12));
        }
        Files.writeString(directory.resolve("photos/broken.png"), "no picture");
    }

    @Test
    void theRowsAreWhatTheProgramItselfSays() throws Exception {
        assertThat(end(submit("--photos-per-task=16"))).isZero();

        assertThat(rows()).isEqualTo(expected());
    }

    @Test
    void afterAKillEachPhotoIsThereOnce() throws Exception {
        Process killed = submit("--photos-per-task=2", "--batch-size=1");
        await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(() -> committed() >= 3 || !killed.isAlive());
        killed.destroyForcibly().waitFor();
        long before = committed();
        assertThat(before).isGreaterThanOrEqualTo(3);

        assertThat(end(submit("--photos-per-task=16"))).isZero();

        assertThat(committed()).isGreaterThan(before);
        assertThat(rows()).isEqualTo(expected());

        assertThat(end(submit("--beam-width=1"))).isEqualTo(2);
        assertThat(Files.readString(directory.resolve("log"))).contains("give another --output");
    }

    private Map<String, JsonNode> expected() throws IOException {
        Map<String, JsonNode> expected = new TreeMap<>();
        try (JsonCaptioner captioner = JsonCaptioner.open(bundle.toString(), Map.of());
                Stream<Path> files = Files.walk(directory.resolve("photos"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                List<byte @Nullable []> photo = List.of(Files.readAllBytes(file));
                String json = captioner.apply(photo.iterator()).next();
                expected.put(file.toString(), comparable(JsonMapper.shared().readTree(json)));
            }
        }
        return expected;
    }

    /** Rows by path, without time and length; each path once. */
    private Map<String, JsonNode> rows() throws Exception {
        Path file = directory.resolve("rows.jsonl");
        String classPath = Path.of("target/test-classes").toAbsolutePath() + File.pathSeparator + spark();
        assertThat(end(java(
                        classPath,
                        CaptionRows.class.getName(),
                        directory.resolve("out").toString(),
                        file.toString())))
                .isZero();
        Map<String, JsonNode> rows = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            ObjectNode row = (ObjectNode) JsonMapper.shared().readTree(line);
            String path = Objects.requireNonNull(row.remove("path")).asString().replaceFirst("^file:/*", "/");
            row.remove(List.of("length", "modified"));
            assertThat(rows.put(path, comparable(row))).as(path).isNull();
        }
        return rows;
    }

    /** Spark leaves out what is null. */
    /** Without what is null, and probabilities to six decimals: a batch of another size rounds elsewhere. */
    private static JsonNode comparable(JsonNode row) {
        ObjectNode all = (ObjectNode) row;
        all.removeIf(JsonNode::isNull);
        String text = DECIMALS.matcher(all.toString())
                .replaceAll(number -> String.format(Locale.ROOT, "%.6f", Double.parseDouble(number.group())));
        return JsonMapper.shared().readTree(text);
    }

    private long committed() throws IOException {
        Path out = directory.resolve("out");
        if (!Files.isDirectory(out)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(out)) {
            return files.filter(file -> file.getFileName().toString().matches("part-.*\\.parquet"))
                    .count();
        }
    }

    private Process submit(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[2]",
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.executor.heartbeatInterval=60s", // a slow machine is no lost executor
                "--conf",
                "spark.network.timeout=600s",
                "--class",
                "io.captioner.bulk.spark.CaptionJob",
                Path.of("target/captioner.jar").toAbsolutePath().toString(),
                "--photos=" + directory.resolve("photos").toUri(),
                "--bundle=" + bundle.toUri(),
                "--output=" + directory.resolve("out").toUri()));
        arguments.addAll(List.of(more));
        return java(spark(), arguments.toArray(String[]::new));
    }

    private Process java(String classPath, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(MODULES);
        command.addAll(List.of("-Xmx1g", "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp"))));
        command.addAll(List.of("-classpath", classPath));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()));
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
        return builder.start();
    }

    /**
     * Maven keeps SLF4J from the class path of its plugins, for it has its own; the program's is the same as Spark's.
     */
    private static String spark() throws Exception {
        String slf4j = Path.of(Logger.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        return Files.readString(Path.of("target/spark.classpath")) + File.pathSeparator + slf4j;
    }

    private int end(Process process) throws IOException, InterruptedException {
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        assertThat(ended).as("%s", Files.readString(directory.resolve("log"))).isTrue();
        return process.exitValue();
    }
}
