package io.captioner.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import io.captioner.CaptionerApplication;
import io.captioner.jobs.JobExitCodes;
import io.captioner.jobs.UnusableJobException;
import io.captioner.training.run.DrawnDataSet;
import io.captioner.training.run.DrawnTraining;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
    private volatile String said = ANSWER;

    @BeforeEach
    void startAServerThatSaysTheSameOfEveryPhoto() throws IOException {
        DrawnDataSet.write(directory, DrawnDataSet.draw(32, 1, 1), DrawnDataSet.draw(32, 1, 2));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/captions", exchange -> {
            query.set(exchange.getRequestURI().getQuery());
            exchange.getRequestBody().readAllBytes();
            byte[] answer = said.getBytes(StandardCharsets.UTF_8);
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
        assertThat(output).contains("9 photos, beam 5", "BLEU-1 0.7", "distinct captions 0.1111");
        assertThat(output).contains("attention entropy 0.0000, attention change 1.0000");
    }

    @Test
    void wordsWithBoxesTellHowOftenAttentionPointsToThem() throws IOException {
        Path boxes = Files.writeString(directory.resolve("boxes.json"), """
                {"images": [{"id": 1, "file_name": "009.png", "width": 32, "height": 32}],
                 "annotations": [{"image_id": 1, "category_id": 1, "bbox": [17, 17, 15, 15]}],
                 "categories": [{"id": 1, "name": "ball", "synonyms": ["red"]}]}
                """);

        run("--captioner.evaluation.boxes=" + boxes, "--captioner.evaluation.beam-width=1");

        JsonNode figures = JsonMapper.shared()
                .readTree(directory.resolve("out/scores.json"))
                .path("searches")
                .path("greedy");
        assertThat(figures.path("words with boxes").asDouble()).isEqualTo(1);
        assertThat(figures.path("pointing").asDouble()).isEqualTo(1); // "red", to the cell at (24, 24)
        assertThat(figures.path("pointing of the centre").asDouble()).isZero();
        assertThat(directory.resolve("out/report.html")).content().contains("pointing of the centre");
    }

    @Test
    void boxesOfOtherPhotosStopTheJob() throws IOException {
        Path boxes = Files.writeString(
                directory.resolve("boxes.json"),
                "{\"images\": [{\"id\": 1, \"file_name\": \"other.png\", \"width\": 9, \"height\": 9}]}");

        assertThatThrownBy(() -> run("--captioner.evaluation.boxes=" + boxes))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContainingAll("boxes.json", "no photo of split 'val'", "file_name");
    }

    @Test
    void greedyAndTheModelsOwnSearchStandSideBySideInTheReport() throws IOException {
        run();

        assertThat(query.get()).contains("attention=grid").doesNotContain("beamWidth");
        JsonNode scores = JsonMapper.shared().readTree(directory.resolve("out/scores.json"));
        assertThat(scores.path("facts").path("photos").asString()).isEqualTo("9");
        assertThat(scores.path("searches").propertyNames()).containsExactly("greedy", "own search");
        assertThat(scores.path("searches")
                        .path("own search")
                        .path("distinct captions")
                        .asDouble())
                .isCloseTo(1 / 9.0, within(1e-9));
        List<String> captions = Files.readAllLines(directory.resolve("out/captions.jsonl"));
        assertThat(captions)
                .hasSize(18)
                .first()
                .asString()
                .contains("\"search\":\"greedy\"", "\"caption\":\"a red ball on white ground\"");
        assertThat(directory.resolve("out/report.html"))
                .content()
                .contains("<th>greedy</th><th>own search</th>", "attention at red", "data:image/jpeg;base64,")
                .doesNotContain("http-equiv", "<script", "<link", "src=\"http");
    }

    @Test
    void aBundleIsScoredWithoutAService() throws IOException {
        DrawnTraining.draw(directory, 1);
        DrawnTraining.job(directory, Map.of("optimiser.epochs", "2")).run(new DefaultApplicationArguments());
        server.stop(0);

        run(
                "--captioner.evaluation.bundle=" + directory.resolve("models/drawn/1"),
                "--captioner.evaluation.captions=" + directory.resolve("data/captions.jsonl"),
                "--captioner.evaluation.photos=" + directory.resolve("data/photos"),
                "--captioner.evaluation.run-directory=" + directory.resolve("run"),
                "--captioner.evaluation.card=true");

        JsonNode beam = JsonMapper.shared()
                .readTree(directory.resolve("out/scores.json"))
                .path("searches")
                .path("own search");
        JsonNode trained = JsonMapper.shared()
                .readTree(directory.resolve("run/scores.json"))
                .path("searches")
                .path("beam 3");
        assertThat(beam.path("BLEU-1").asDouble())
                .isCloseTo(trained.path("BLEU-1").asDouble(), within(1e-9));
        assertThat(directory.resolve("out/report.html"))
                .content()
                .contains("<h1>drawn/1</h1>", "Validation CIDEr-D", "<polyline");
        assertThat(directory.resolve("models/drawn/README.md"))
                .content()
                .contains(
                        "# drawn, version 1", "## Terms", "| score | greedy | own search |", "captions kept, the most")
                .containsPattern("\\| CIDEr-D \\| \\d\\.\\d{4} \\| \\d\\.\\d{4} \\|")
                .containsPattern("\\| 16 \\| \\d+ \\| \\d+\\.\\d \\|");
    }

    @Test
    void theCardOfAServiceCannotBeWritten() {
        assertThatThrownBy(() -> run("--captioner.evaluation.card=true"))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContaining("set captioner.evaluation.bundle");
    }

    @Test
    void aBundleIsEvaluatedWithItsOwnLimitOnRepeatedWords() throws IOException {
        assertThat(repeatedWords(evaluated(0))).isNotEmpty();
        assertThat(repeatedWords(evaluated(1))).isEmpty();
    }

    /** Returns the captions of a bundle that has hardly been trained: it repeats itself where it may. */
    private List<String> evaluated(int noRepeatNgram) throws IOException {
        Path trained = directory.resolve("limit" + noRepeatNgram);
        DrawnTraining.draw(trained, 1);
        DrawnTraining.job(
                        trained,
                        Map.of(
                                "optimiser.epochs",
                                "1",
                                "optimiser.learning-rate",
                                "1e-6",
                                "decoding.no-repeat-ngram",
                                Integer.toString(noRepeatNgram)))
                .run(new DefaultApplicationArguments());
        run(
                "--captioner.evaluation.bundle=" + trained.resolve("models/drawn/1"),
                "--captioner.evaluation.captions=" + trained.resolve("data/captions.jsonl"),
                "--captioner.evaluation.photos=" + trained.resolve("data/photos"),
                "--captioner.evaluation.output=" + trained.resolve("out"));
        List<String> captions = new ArrayList<>();
        for (String line : Files.readAllLines(trained.resolve("out/captions.jsonl"))) {
            captions.add(JsonMapper.shared().readTree(line).path("caption").asString());
        }
        assertThat(captions).isNotEmpty();
        return captions;
    }

    private static List<String> repeatedWords(List<String> captions) {
        return captions.stream()
                .filter(caption -> {
                    List<String> words = List.of(caption.split(" "));
                    return new HashSet<>(words).size() < words.size();
                })
                .toList();
    }

    @Test
    void aSplitWithoutPhotosIsToldWithWhatToDo() {
        assertThatThrownBy(() -> run("--captioner.evaluation.split=test"))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContaining("captioner.evaluation.split");
    }

    @Test
    void aServiceThatRefusesStopsTheJob() {
        status = 429;

        assertThatThrownBy(this::run).hasStackTraceContaining("was answered with 429");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<!DOCTYPE html>   | answers with no JSON",
                "{\"results\": [     | answers with no JSON",
                "{\"captions\": []} | answers without results[0].captions[0].text"
            })
    void anAnswerOfAnotherServiceStopsTheJob(String answer, String message) {
        said = answer;

        assertThatThrownBy(this::run)
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContainingAll("http://127.0.0.1:", message, "captioner.evaluation.url");
    }

    @Test
    void aServiceThatIsNotThereIsAFaultThatMayPass() {
        server.stop(0);

        assertThatThrownBy(this::run)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("does not answer (ConnectException)", "captioner.evaluation.url")
                .satisfies(failure ->
                        assertThat(new JobExitCodes().getExitCode(failure)).isEqualTo(4));
    }

    private void run(String... more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("--captioner.job", "evaluate");
        settings.put(
                "--captioner.evaluation.url",
                "http://127.0.0.1:" + server.getAddress().getPort());
        settings.put(
                "--captioner.evaluation.captions",
                directory.resolve("captions.jsonl").toString());
        settings.put(
                "--captioner.evaluation.photos", directory.resolve("photos").toString());
        settings.put("--captioner.evaluation.output", directory.resolve("out").toString());
        Arrays.stream(more).map(setting -> setting.split("=", 2)).forEach(pair -> settings.put(pair[0], pair[1]));
        String[] arguments = settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        new SpringApplicationBuilder(CaptionerApplication.class)
                .profiles("training")
                .run(arguments)
                .close();
    }
}
