package io.captioner.compat.seer;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.Protocol;
import io.captioner.compat.CompatCaptions;
import io.captioner.compat.CompatCaptions.Wish;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.compat.EmbeddedImages;
import io.captioner.compat.Replies;
import io.captioner.model.DecodeRequest;
import io.captioner.web.JsonBodies;
import io.captioner.web.ProtocolRoutes;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Seer's route, which NVDA's describer of pictures calls. */
@RestController
@ConditionalOnProtocol(Protocol.SEER)
final class SeerController implements ProtocolRoutes {
    private static final String PATH = "/describe";
    private static final List<Route> ROUTES =
            List.of(Route.photos(PATH, "Describes a photo", "{\"image_b64\": \"…base64…\", \"task\": \"caption\"}"));

    private final CompatCaptions captions;
    private final EmbeddedImages images;
    private final JsonBodies bodies;

    SeerController(CompatCaptions captions, EmbeddedImages images, JsonBodies bodies) {
        this.captions = captions;
        this.images = images;
        this.bodies = bodies;
    }

    @Override
    public Protocol protocol() {
        return Protocol.SEER;
    }

    @Override
    public List<Route> routes() {
        return ROUTES;
    }

    @PostMapping(PATH)
    ResponseEntity<byte[]> describe(HttpServletRequest request) throws IOException {
        try (JsonBodies.Received body = bodies.read(request)) {
            JsonNode image = body.json().path("image_b64");
            if (!image.isString()) {
                throw CaptionFailure.of(Reason.MISSING_IMAGE, "Send the photo as base64 in image_b64.");
            }
            Wish wish = new Wish(List.of(images.read(image.stringValue(), 0)), DecodeRequest.DEFAULTS, null);
            return Replies.json(Map.of(
                    "description",
                    Replies.text(captions.describe(request, Protocol.SEER, wish).descriptions())));
        }
    }

    @Override
    public ErrorAnswer error(ProblemDetail problem, HttpServletRequest request) {
        return new ErrorAnswer(problem.getStatus(), Map.of("error", String.valueOf(problem.getDetail())));
    }
}
