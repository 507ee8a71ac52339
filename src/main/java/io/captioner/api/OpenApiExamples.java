package io.captioner.api;

import io.captioner.api.CaptionAnswer.Attention;
import io.captioner.api.CaptionAnswer.Box;
import io.captioner.api.CaptionAnswer.Caption;
import io.captioner.api.CaptionAnswer.Grid;
import io.captioner.api.CaptionAnswer.Model;
import io.captioner.api.CaptionAnswer.Options;
import io.captioner.api.CaptionAnswer.Point;
import io.captioner.api.CaptionAnswer.Result;
import io.captioner.api.CaptionAnswer.Timing;
import io.captioner.api.CaptionAnswer.Word;
import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageProperties;
import io.captioner.web.ImageUploads;
import io.captioner.web.ProblemExceptionHandler;
import io.captioner.web.ProblemType;
import io.swagger.v3.oas.models.examples.Example;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.json.JsonMapper;

/** The examples of the OpenAPI description, written by the records and problems of real answers. */
final class OpenApiExamples {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ImageProperties limits;

    OpenApiExamples(ImageProperties limits) {
        this.limits = limits;
    }

    /** Returns an answer for each amount of attention, by its name. */
    Map<String, Example> answers() {
        Grid grid = new Grid(2, 2, List.of(List.of(0.1f, 0.2f), List.of(0.6f, 0.1f)));
        Map<String, Example> examples = new LinkedHashMap<>();
        examples.put("summary", example("attention=summary, the default", answer(attention(null))));
        examples.put("none", example("attention=none", answer(null)));
        examples.put("grid", example("attention=grid (a grid of 2 x 2 for brevity)", answer(attention(grid))));
        return examples;
    }

    /** Returns the scores of two texts. */
    Map<String, Example> scores() {
        ScoreAnswer answer = new ScoreAnswer(
                model(),
                0.7f,
                "photo.jpg",
                640,
                480,
                "device",
                List.of(
                        new ScoreAnswer.Score(
                                "A dog runs.", 1, -1.62f, -0.61f, 0.656f, 0.7f, words(attention(null)), 2, List.of()),
                        new ScoreAnswer.Score(
                                "A labradoodle.",
                                2,
                                -8.9f,
                                -4.12f,
                                0.015f,
                                0.6f,
                                List.of(
                                        new Word("a", 0.91f, null, attention(null)),
                                        new Word("labradoodle", 0.00025f, null, attention(null))),
                                1,
                                List.of("labradoodle"))),
                new Timing(0.2, 6.4, 38.1));
        return Map.of("scores", example("Two texts", answer));
    }

    /** Returns the example of a problem. */
    Example problem(ProblemType type) {
        ProblemDetail problem = sample(type);
        problem.setInstance(URI.create(ImageUploads.PATH));
        return example(type.title(), ProblemExceptionHandler.members(problem));
    }

    private ProblemDetail sample(ProblemType type) {
        return switch (type) {
            case MISSING_IMAGE -> ProblemExceptionHandler.problem(type, ImageUploads.MISSING);
            case EMPTY_IMAGE ->
                atImage(
                        Reason.EMPTY_IMAGE,
                        "The image has no bytes: check that the file is not empty, and send it again.");
            case UNREADABLE_IMAGE ->
                atImage(Reason.UNREADABLE_IMAGE, "The JPEG data ends too early: send the whole file.");
            case INVALID_PARAMETER ->
                ProblemExceptionHandler.problem(CaptionFailure.invalidParameter(
                        "beamWidth", "beamWidth " + CaptionQuery.BEAM_WIDTH + ", not '11'."));
            case UNKNOWN_MODEL ->
                ProblemExceptionHandler.problem(
                        type, "There is no model of that name: name one of show-attend-tell, or none for the default.");
            case TOO_MANY_BYTES -> atImage(Reason.TOO_MANY_BYTES, ImageUploads.tooManyBytes(limits));
            case TOO_MANY_PIXELS ->
                atImage(
                        Reason.TOO_MANY_PIXELS,
                        "The image has more pixels than the %d that are read: scale it down first."
                                .formatted(limits.maxPixels()));
            case TOO_MANY_IMAGES ->
                ProblemExceptionHandler.problem(
                        type, "A request may have at most 16 images, not 20: send them in several requests.");
            case NOT_AN_IMAGE ->
                atImage(
                        Reason.NOT_AN_IMAGE,
                        "This is not a JPEG, PNG, GIF, BMP, WebP, TIFF, HEIC or AVIF picture: send one of these.");
            case NOTHING_TO_CAPTION ->
                atImage(Reason.NOTHING_TO_CAPTION, "The model found no words for this image: try another photo.");
            case OVERLOADED ->
                ProblemExceptionHandler.problem(CaptionFailure.retryable(
                        Reason.OVERLOADED,
                        "More images are in flight than can be captioned in time: try again after the seconds in Retry-After.",
                        Duration.ofSeconds(2)));
            case UNAUTHORIZED ->
                ProblemExceptionHandler.problem(
                        type,
                        "Send your key as 'X-API-Key: KEY' or 'Authorization: Bearer KEY': the request has none.");
            case RATE_LIMITED ->
                ProblemExceptionHandler.problem(
                        type, "You may send 50 requests a second: try again after the seconds in Retry-After.");
            case MODEL_FAILED ->
                atImage(
                        Reason.MODEL_FAILED,
                        "The model failed on this image: try another image, and report this with the time of the request if they all"
                                + " fail.");
            case NOT_READY ->
                ProblemExceptionHandler.problem(
                        type,
                        "The model is not ready: try again when /readyz answers 200; the log says what is missing.");
            case INSUFFICIENT_STORAGE ->
                ProblemExceptionHandler.problem(type, ProblemExceptionHandler.INSUFFICIENT_STORAGE);
            case DEADLINE_EXCEEDED ->
                ProblemExceptionHandler.problem(
                        type, "The captions were not ready in time: send fewer images at once, or allow more time.");
            case UNSUPPORTED_MEDIA_TYPE ->
                ProblemExceptionHandler.problem(type, ProblemExceptionHandler.UNSUPPORTED_MEDIA_TYPE);
            case NOT_ACCEPTABLE ->
                ProblemExceptionHandler.problem(
                        type, ProblemExceptionHandler.notAcceptable(List.of(MediaType.APPLICATION_JSON)));
            case MALFORMED_REQUEST ->
                ProblemExceptionHandler.problem(type, ProblemExceptionHandler.MALFORMED_MULTIPART);
            case INTERNAL_ERROR -> ProblemExceptionHandler.problem(type, ProblemExceptionHandler.BUG);
            case UPLOAD_TIMEOUT ->
                ProblemExceptionHandler.problem(type, ProblemExceptionHandler.uploadTimeout(Duration.ofSeconds(30)));
            case NOT_FOUND, METHOD_NOT_ALLOWED, CLIENT_GONE ->
                throw new IllegalArgumentException("bug: no example needed");
        };
    }

    private static ProblemDetail atImage(Reason reason, String detail) {
        return ProblemExceptionHandler.problem(CaptionFailure.of(reason, detail).atImage(0, "photo.jpg"));
    }

    private static Example example(String summary, Object value) {
        return new Example().summary(summary).value(JSON.convertValue(value, Object.class));
    }

    private static @Nullable Attention attention(@Nullable Grid grid) {
        return new Attention(new Point(160, 360), new Box(0, 240, 320, 240), 0.79f, grid);
    }

    private static CaptionAnswer answer(@Nullable Attention attention) {
        Caption caption = new Caption(
                "a dog runs",
                "a dog possibly runs",
                null,
                -1.62f,
                0.55f,
                true,
                "medium",
                0.656f,
                0.889f,
                words(attention));
        return new CaptionAnswer(
                model(),
                new Options("beam", 5, 24, 0.7f, 0, true, null),
                List.of(new Result("photo.jpg", 640, 480, "device", 0.62f, List.of(caption), null)),
                new Timing(0.2, 6.4, 38.1));
    }

    private static Model model() {
        return new Model(
                "show-attend-tell", "2", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "cpu");
    }

    private static List<Word> words(@Nullable Attention attention) {
        return List.of(
                new Word("a", 0.91f, 1f, attention),
                new Word("dog", 0.74f, 1f, attention),
                new Word("runs", 0.42f, 0.667f, attention));
    }
}
