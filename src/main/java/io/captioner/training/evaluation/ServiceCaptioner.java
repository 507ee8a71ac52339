package io.captioner.training.evaluation;

import io.captioner.attention.AttentionGrid;
import io.captioner.files.FileFaults;
import io.captioner.jobs.Progress;
import io.captioner.jobs.UnusableJobException;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.PictureFile;
import io.captioner.training.evaluation.EvaluationJob.PhotoCaptioner;
import io.captioner.training.metrics.GeneratedCaption;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running service that captions photos over HTTP. */
final class ServiceCaptioner implements PhotoCaptioner {
    /** Answers that may be others the next time: request timeout, too early, too many requests. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    private final URI url;
    private final @Nullable Float lengthPenalty;
    private final Progress progress;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService senders;

    ServiceCaptioner(URI url, @Nullable Float lengthPenalty, int concurrency, Progress progress) {
        this.url = url;
        this.lengthPenalty = lengthPenalty;
        this.progress = progress;
        this.senders = Executors.newFixedThreadPool(concurrency);
    }

    @Override
    public String name() {
        return url.toString();
    }

    @Override
    public List<GeneratedCaption> caption(List<CaptionedPhoto> photos, @Nullable Integer beamWidth, String task)
            throws IOException, InterruptedException {
        try (Progress.Task steps = progress.start(task, photos.size())) {
            List<Future<GeneratedCaption>> pending = new ArrayList<>();
            for (CaptionedPhoto photo : photos) {
                pending.add(senders.submit(() -> ask(photo, beamWidth)));
            }
            List<GeneratedCaption> answers = new ArrayList<>();
            for (Future<GeneratedCaption> answer : pending) {
                answers.add(answer.get());
                steps.step(1, "");
            }
            return answers;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("bug: a sender ended", e.getCause());
        }
    }

    private GeneratedCaption ask(CaptionedPhoto photo, @Nullable Integer beamWidth)
            throws IOException, InterruptedException {
        String query = "/captions?attention=grid";
        if (beamWidth != null) {
            query += "&beamWidth=" + beamWidth;
        }
        if (lengthPenalty != null) {
            query += "&lengthPenalty=" + lengthPenalty;
        }
        HttpResponse<byte[]> response = send(HttpRequest.newBuilder(URI.create(url + query))
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(PictureFile.read(photo.file())))
                .build());
        int status = response.statusCode();
        if (status != 200) {
            String answered = "%s was answered with %d: %s"
                    .formatted(photo.image(), status, new String(response.body(), StandardCharsets.UTF_8));
            if (status / 100 == 5 || PASSING.contains(status)) {
                throw new IOException(answered);
            }
            throw new UnusableJobException(answered);
        }
        JsonNode caption = caption(response.body());
        List<String> words = new ArrayList<>();
        List<AttentionGrid> attention = new ArrayList<>();
        for (JsonNode word : caption.path("words")) {
            words.add(word.path("word").asString());
            JsonNode grid = word.path("attention").path("grid");
            if (grid.isObject()) {
                attention.add(grid(grid.path("weights")));
            }
        }
        return new GeneratedCaption(caption.path("text").asString(), words, attention);
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new IOException(
                    "%s does not answer (%s); start the service there, or set captioner.evaluation.url"
                            .formatted(url, FileFaults.reason(e)),
                    e);
        }
    }

    private JsonNode caption(byte[] body) {
        try {
            JsonNode caption = JsonMapper.shared()
                    .readTree(body)
                    .path("results")
                    .path(0)
                    .path("captions")
                    .path(0);
            if (caption.path("text").isString()) {
                return caption;
            }
        } catch (JacksonException e) {
            throw new UnusableJobException("%s answers with no JSON (%s); set captioner.evaluation.url to the service"
                    .formatted(url, e.getOriginalMessage()));
        }
        throw new UnusableJobException(
                "%s answers without results[0].captions[0].text; set captioner.evaluation.url to the service"
                        .formatted(url));
    }

    private static AttentionGrid grid(JsonNode rows) {
        int columns = rows.path(0).size();
        float[] weights = new float[rows.size() * columns];
        for (int cell = 0; cell < weights.length; cell++) {
            weights[cell] = rows.path(cell / columns).path(cell % columns).floatValue();
        }
        return new AttentionGrid(weights, rows.size(), columns);
    }

    @Override
    public void close() {
        senders.shutdownNow();
    }
}
