package io.captioner.compat.photoprism;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageUpload;
import io.captioner.caption.Protocol;
import io.captioner.compat.CompatCaptions;
import io.captioner.compat.CompatCaptions.Wish;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.compat.Description.Sentence;
import io.captioner.compat.EmbeddedImages;
import io.captioner.compat.ModelNames;
import io.captioner.compat.Replies;
import io.captioner.model.DecodeRequest;
import io.captioner.web.JsonBodies;
import io.captioner.web.ProtocolRoutes;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * PhotoPrism's own format of vision requests, with the confidence that its other formats have no place for. PhotoPrism
 * reads the code and the error in the body, whatever the status is.
 */
@RestController
@ConditionalOnProtocol(Protocol.PHOTOPRISM)
final class PhotoPrismController implements ProtocolRoutes {
    private static final String PATH = "/api/v1/vision/caption";
    private static final String ID = PhotoPrismController.class.getName() + ".id";
    private static final List<Route> ROUTES = List.of(Route.photos(
            PATH,
            "Describes a photo",
            "{\"id\": \"…\", \"model\": \"captioner\", \"images\": [\"data:image/jpeg;base64,…\"]}"));

    private final CompatCaptions captions;
    private final ModelNames names;
    private final EmbeddedImages images;
    private final JsonBodies bodies;

    PhotoPrismController(CompatCaptions captions, ModelNames names, EmbeddedImages images, JsonBodies bodies) {
        this.captions = captions;
        this.names = names;
        this.images = images;
        this.bodies = bodies;
    }

    @Override
    public Protocol protocol() {
        return Protocol.PHOTOPRISM;
    }

    @Override
    public List<Route> routes() {
        return ROUTES;
    }

    @PostMapping(PATH)
    ResponseEntity<byte[]> caption(HttpServletRequest request) throws IOException {
        try (JsonBodies.Received body = bodies.read(request)) {
            JsonNode json = body.json();
            request.setAttribute(ID, json.path("id").asString(""));
            JsonNode first = json.path("images").isEmpty()
                    ? json.path("url")
                    : json.path("images").path(0);
            if (!first.isString()) {
                throw CaptionFailure.of(
                        Reason.MISSING_IMAGE, "Send a photo in images, as a data URI, or its address in url.");
            }
            ImageUpload image = images.read(first.stringValue(), 0);
            String bundle = names.bundle(json.path("model").asString(""), List.of());
            Sentence best = captions.describe(
                            request, Protocol.PHOTOPRISM, new Wish(List.of(image), DecodeRequest.DEFAULTS, bundle))
                    .descriptions()
                    .get(0)
                    .best();
            Map<String, Object> caption = new LinkedHashMap<>();
            caption.put("text", best.text());
            caption.put("source", "image");
            caption.put("confidence", (float) best.confidence());
            Map<String, Object> answer = begin(request, HttpStatus.OK.value());
            answer.put("result", Map.of("caption", caption));
            return Replies.json(answer);
        }
    }

    @Override
    public ErrorAnswer error(ProblemDetail problem, HttpServletRequest request) {
        Map<String, Object> answer = begin(request, problem.getStatus());
        answer.put("error", String.valueOf(problem.getDetail()));
        return new ErrorAnswer(problem.getStatus(), answer);
    }

    private static Map<String, Object> begin(HttpServletRequest request, int code) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", request.getAttribute(ID) instanceof String id ? id : "");
        answer.put("code", code);
        return answer;
    }
}
