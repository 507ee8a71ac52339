package io.captioner.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.captioner.CaptionerApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class EvaluationJobTests {
    private static final String ANSWER = """
            {"results": [{"captions": [{"text": "a red ball on white ground", "words": [
              {"word": "a", "attention": {"grid": {"rows": 2, "columns": 2, "weights": [[1, 0], [0, 0]]}}},
              {"word": "red", "attention": {"grid": {"rows": 2, "columns": 2, "weights": [[0, 0], [0, 1]]}}}]}]}]}
            """;

    @TempDir
    private Path directory;

    private final AtomicReference<String> query = new AtomicReference<>("");
    private HttpServer server;
    private volatile int status = 200;

    @BeforeEach
    void startAServerThatSaysTheSameOfEveryPhoto() throws IOException {
        DrawnDataSet.write(directory, DrawnDataSet.draw(32, 1, 1), DrawnDataSet.draw(32, 1, 2));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/captions", exchange -> {
            query.set(exchange.getRequestURI().getQuery());
            exchange.getRequestBody().readAllBytes();
            byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
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
    void aRunningServiceIsScoredOnTheValidationPhotos(CapturedOutput output) {
        run("--captioner.evaluation.beam-width=5");

        assertThat(query.get()).contains("beamWidth=5").contains("attention=grid");
        // 1 of 9 captions is right, and all words but two of the others.
        assertThat(output).contains("9 photos, beam width 5", "BLEU-1 0.7", "distinct captions 0.1111");
        assertThat(output).contains("attention entropy 0.0000, attention change 1.0000");
    }

    @Test
    void aServiceThatRefusesStopsTheJob() {
        status = 429;

        assertThatThrownBy(this::run).hasStackTraceContaining("was answered with 429");
    }

    private void run(String... more) {
        String[] arguments = java.util.stream.Stream.concat(
                        List.of(
                                "--captioner.job=evaluate",
                                "--captioner.evaluation.url=http://127.0.0.1:"
                                        + server.getAddress().getPort(),
                                "--captioner.evaluation.captions=" + directory.resolve("captions.jsonl"),
                                "--captioner.evaluation.photos=" + directory.resolve("photos"))
                                .stream(),
                        java.util.Arrays.stream(more))
                .toArray(String[]::new);
        new SpringApplicationBuilder(CaptionerApplication.class)
                .profiles("training")
                .run(arguments)
                .close();
    }
}
