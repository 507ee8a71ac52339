package io.captioner.compat.max;

import io.captioner.caption.ImageProperties;
import io.captioner.caption.Protocol;
import io.captioner.caption.RequestProperties;
import io.captioner.compat.CompatCaptions;
import io.captioner.compat.CompatCaptions.Wish;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.compat.Description.Sentence;
import io.captioner.compat.ModelNames;
import io.captioner.compat.Replies;
import io.captioner.compat.Sampling;
import io.captioner.web.ImageUploads;
import io.captioner.web.ProtocolRoutes;
import io.captioner.web.RemoteImages;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The routes of IBM's MAX Image Caption Generator: three captions of a photo in the part {@code image}. */
@RestController
@ConditionalOnProtocol(Protocol.MAX)
final class MaxController implements ProtocolRoutes {
    private static final String PREDICT = "/model/predict";
    private static final String METADATA = "/model/metadata";
    private static final int CAPTIONS = 3;
    private static final List<Route> ROUTES = List.of(
            Route.photos(PREDICT, "Three captions of a photo in the part 'image'", null),
            Route.of(HttpMethod.GET, METADATA, "Describes the model", null));

    private final CompatCaptions captions;
    private final ModelNames names;
    private final ImageUploads uploads;

    MaxController(
            CompatCaptions captions,
            ModelNames names,
            ImageProperties limits,
            RequestProperties requests,
            RemoteImages remote) {
        this.captions = captions;
        this.names = names;
        this.uploads = new ImageUploads(limits, requests, remote);
    }

    @Override
    public Protocol protocol() {
        return Protocol.MAX;
    }

    @Override
    public List<Route> routes() {
        return ROUTES;
    }

    @PostMapping(PREDICT)
    ResponseEntity<byte[]> predict(HttpServletRequest request) throws IOException, ServletException {
        try (ImageUploads.Received received = uploads.read(request)) {
            Wish wish = new Wish(received.images(), Sampling.captions(CAPTIONS), null);
            List<Sentence> sentences = captions.describe(request, Protocol.MAX, wish)
                    .descriptions()
                    .get(0)
                    .sentences();
            List<Map<String, Object>> predictions = new ArrayList<>();
            for (Sentence sentence : sentences) {
                Map<String, Object> prediction = new LinkedHashMap<>();
                prediction.put("index", Integer.toString(predictions.size()));
                prediction.put("caption", sentence.text());
                prediction.put("probability", Math.exp(sentence.logProbability()));
                predictions.add(prediction);
            }
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("status", "ok");
            answer.put("predictions", predictions);
            return Replies.json(answer);
        }
    }

    @GetMapping(METADATA)
    ResponseEntity<byte[]> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        names.served(List.of()).stream().findFirst().ifPresent(model -> {
            metadata.put("id", model.manifest().name());
            metadata.put("name", model.manifest().name());
            metadata.put("description", model.manifest().description());
            metadata.put("type", "image_caption");
            metadata.put("license", model.manifest().trainingData().licence());
            metadata.put("source", "");
        });
        return Replies.json(metadata);
    }

    @Override
    public ErrorAnswer error(ProblemDetail problem, HttpServletRequest request) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("status", "error");
        error.put("message", String.valueOf(problem.getDetail()));
        return new ErrorAnswer(problem.getStatus(), error);
    }
}
