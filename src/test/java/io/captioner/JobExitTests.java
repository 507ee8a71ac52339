package io.captioner;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The exit codes of jobs, as docs/training.md lists them. */
@ExtendWith(OutputCaptureExtension.class)
class JobExitTests {
    @TempDir
    private Path directory;

    private HttpServer server;
    private volatile int status = 200;

    @BeforeEach
    void startAService() throws IOException {
        Files.createDirectories(directory.resolve("photos"));
        Files.writeString(directory.resolve("photos/1.jpg"), "no photo");
        Files.writeString(
                directory.resolve("captions.jsonl"),
                "{\"image\": \"1.jpg\", \"split\": \"val\", \"captions\": [\"A ball .\"]}");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/captions", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] answer =
                    "{\"results\": [{\"captions\": [{\"text\": \"a ball\"}]}]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aJobThatIsDoneEndsWithZero() {
        assertThat(evaluate()).isZero();
    }

    @Test
    void theProfileJobsRunsAJobToo(CapturedOutput output) {
        assertThat(evaluate("--spring.profiles.active=jobs")).isZero();
        assertThat(output).contains("wrote ").doesNotContain("Tomcat");
    }

    @Test
    void aFileThatIsNotThereIsToldInWords(CapturedOutput output) throws IOException {
        Path captions = directory.resolve("captions.jsonl");
        Files.delete(captions);

        assertThat(evaluate()).isEqualTo(2);
        assertThat(output)
                .contains("exit code 2: " + captions + ": not there; correct the setting that names it")
                .doesNotContain("java.nio.file.NoSuchFileException: " + captions);
    }

    @Test
    void aJobOfTheProfileJobsThatCannotStartEndsWithTwo(CapturedOutput output) {
        assertThat(run("--spring.profiles.active=jobs", "--captioner.job=evaluate"))
                .isEqualTo(2);
        assertThat(run(
                        "--spring.profiles.active=jobs",
                        "--spring.config.import="
                                + directory.resolve("gone.yaml").toUri()))
                .isEqualTo(2);
        assertThat(output).contains("The job failed with exit code 2");
    }

    @Test
    void aPropertyThatIsMissingEndsWithTwo(CapturedOutput output) {
        assertThat(run("--captioner.job=evaluate")).isEqualTo(2);
        assertThat(output).contains("captioner.evaluation", "The job failed with exit code 2");
    }

    @Test
    void aJobThatThereIsNotEndsWithTwoAndTheNamesOfThoseThereAre(CapturedOutput output) {
        assertThat(run("--captioner.job=trian")).isEqualTo(2);
        assertThat(output).contains("captioner.job", "trian", "DOWNLOAD", "EVALUATE", "EXPLORE", "TRAIN");
    }

    @Test
    void dataWithAFaultEndsWithTwo(CapturedOutput output) throws IOException {
        Files.delete(directory.resolve("photos/1.jpg"));

        assertThat(evaluate()).isEqualTo(2);
        assertThat(output)
                .contains("The job failed with exit code 2: " + directory, "'1.jpg' is not in")
                .doesNotContain("\tat ", "Exception", "Application run failed", "condition evaluation");
    }

    @Test
    void dataWithAFaultIsSkippedAndReportedIfThatIsAskedFor(CapturedOutput output) throws IOException {
        Files.writeString(
                directory.resolve("captions.jsonl"),
                "\n{\"image\": \"2.jpg\", \"split\": \"val\", \"captions\": [\"a ball\"]}\n",
                StandardOpenOption.APPEND);

        assertThat(evaluate("--captioner.evaluation.lint=lenient")).isZero();
        assertThat(output).contains("left out", "2.jpg");
    }

    @Test
    void aCheckpointThatIsNoneEndsWithTwoAndWhatItIs(CapturedOutput output) throws IOException {
        Path pointer = directory.resolve("model.pth.tar");
        Files.writeString(
                pointer, "version https://git-lfs.github.com/spec/v1\noid sha256:0123456789abcdef\nsize 755000000\n");

        assertThat(run(
                        "--captioner.job=import",
                        "--captioner.import.name=old",
                        "--captioner.import.licence=none",
                        "--captioner.import.checkpoint=" + pointer,
                        "--captioner.import.vocabulary=" + directory.resolve("words.json")))
                .isEqualTo(2);
        assertThat(output).contains("The job failed with exit code 2: ", "model.pth.tar is a Git LFS pointer");
    }

    @Test
    void aServiceThatFailsEndsWithFour(CapturedOutput output) {
        status = 503;

        assertThat(evaluate()).isEqualTo(4);
        assertThat(output)
                .contains("The job failed with exit code 4: ", "was answered with 503")
                .doesNotContain("\tat ", "Application run failed");
    }

    private int evaluate(String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of(
                "--captioner.job=evaluate",
                "--captioner.evaluation.url=http://127.0.0.1:"
                        + server.getAddress().getPort(),
                "--captioner.evaluation.captions=" + directory.resolve("captions.jsonl"),
                "--captioner.evaluation.photos=" + directory.resolve("photos"),
                "--captioner.evaluation.beam-width=1",
                "--captioner.evaluation.output=" + directory.resolve("out")));
        return run(arguments.toArray(String[]::new));
    }

    private static int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (all.stream().noneMatch(argument -> argument.startsWith("--spring.profiles.active="))) {
            all.add("--spring.profiles.active=training");
        }
        return CaptionerApplication.run(all.toArray(String[]::new)).orElseThrow();
    }

    @Test
    void aServiceThatRefusesAPhotoEndsWithTwo() {
        status = 415;

        assertThat(evaluate()).isEqualTo(2);
    }

    @Test
    void aConfigurationFileThatIsNotThereEndsWithTwo(CapturedOutput output) {
        assertThat(run("--spring.config.import="
                        + directory.resolve("gone.yaml").toUri()))
                .isEqualTo(2);
        assertThat(output).contains("The job failed with exit code 2");
    }

    @Test
    void aValueOutOfItsRangeEndsWithTwo(CapturedOutput output) {
        assertThat(evaluate("--captioner.evaluation.length-penalty=-1")).isEqualTo(2);
        assertThat(output).contains("captioner.evaluation.length-penalty is -1.0: set it to 0 to 5");
    }
}
