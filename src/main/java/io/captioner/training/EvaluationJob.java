package io.captioner.training;

import io.captioner.training.data.CaptionDataset;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.LintMode;
import io.captioner.training.progress.Progress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The evaluation job: sends the photos of a split to a running service and scores its captions and attention. */
final class EvaluationJob implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(EvaluationJob.class);

    private final EvaluationProperties properties;
    private final Progress progress;
    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.shared();

    @SuppressWarnings("ArrayRecordComponent") // scored once
    private record Answer(String caption, float[][] attention) {}

    EvaluationJob(EvaluationProperties properties, Progress progress) {
        this.properties = properties;
        this.progress = progress;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException, InterruptedException, ExecutionException {
        try (CaptionDataset data = CaptionDataset.read(properties.captions(), properties.photos(), LintMode.STRICT)) {
            score(data.photos(properties.split()));
        }
    }

    private void score(List<CaptionedPhoto> photos) throws InterruptedException, ExecutionException {
        List<Answer> answers = askForAll(photos);
        Validation validation = Validation.of(
                photos,
                answers.stream().map(Answer::caption).toList(),
                answers.stream().map(Answer::attention).toList());
        log.info("{} photos, beam width {}: {}", photos.size(), properties.beamWidth(), Trainer.figures(validation));
    }

    private List<Answer> askForAll(List<CaptionedPhoto> photos) throws InterruptedException, ExecutionException {
        ExecutorService senders = Executors.newFixedThreadPool(properties.concurrency());
        try (Progress.Task task = progress.start("captions", photos.size())) {
            List<Future<Answer>> pending = new ArrayList<>();
            for (CaptionedPhoto photo : photos) {
                pending.add(senders.submit(() -> ask(photo.file())));
            }
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> answer : pending) {
                answers.add(answer.get());
                task.step(1, "");
            }
            return answers;
        } finally {
            senders.shutdownNow();
        }
    }

    private Answer ask(Path photo) throws IOException, InterruptedException {
        String query = "/captions?attention=grid&beamWidth=" + properties.beamWidth();
        if (properties.lengthPenalty() != null) {
            query += "&lengthPenalty=" + properties.lengthPenalty();
        }
        HttpResponse<byte[]> response = client.send(
                HttpRequest.newBuilder(URI.create(properties.url() + query))
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Files.readAllBytes(photo)))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        JsonNode answer = json.readTree(response.body());
        if (response.statusCode() != 200) {
            throw new IOException("%s was answered with %d: %s".formatted(photo, response.statusCode(), answer));
        }
        JsonNode caption = answer.path("results").path(0).path("captions").path(0);
        List<float[]> attention = new ArrayList<>();
        for (JsonNode word : caption.path("words")) {
            attention.add(flatten(word.path("attention").path("grid").path("weights")));
        }
        return new Answer(caption.path("text").asString(), attention.toArray(float[][]::new));
    }

    private static float[] flatten(JsonNode rows) {
        List<Float> values = new ArrayList<>();
        rows.forEach(row -> row.forEach(value -> values.add(value.floatValue())));
        float[] flat = new float[values.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = values.get(i);
        }
        return flat;
    }
}
