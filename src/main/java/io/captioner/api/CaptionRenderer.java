package io.captioner.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.captioner.caption.CaptionPictures;
import io.captioner.caption.CaptionPictures.Illustrated;
import io.captioner.caption.CaptionResponse;
import io.captioner.caption.CaptionResponse.Caption;
import io.captioner.caption.CaptionResponse.CaptionedImage;
import io.captioner.caption.ImageUpload;
import io.captioner.html.Html;
import io.captioner.web.ServerSentEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Writes the answer of {@code POST /captions} in each {@link CaptionFormat}. */
@Component
@Profile("!training")
final class CaptionRenderer {
    static final String POLICY = "Content-Security-Policy";

    /** The policy of the report: its pictures and its style sheet are in the page itself. */
    static final String REPORT_POLICY =
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String CSV_HEADER =
            "image,filename,rank,caption,log_probability,confidence,width,height,model,version\r\n";

    private final CaptionPictures pictures;

    CaptionRenderer(CaptionPictures pictures) {
        this.pictures = pictures;
    }

    /**
     * Returns the answer.
     *
     * @param images as they were captioned
     * @param timeout how long to wait for pictures, null for the default
     */
    ResponseEntity<?> render(
            CaptionFormat format, List<ImageUpload> images, CaptionResponse response, @Nullable Duration timeout) {
        return switch (format) {
            case JSON -> ResponseEntity.ok().contentType(format.type()).body(CaptionAnswer.of(response));
            case TEXT -> ok(format, text(response).getBytes(UTF_8));
            case CSV -> ok(format, csv(response).getBytes(UTF_8));
            case PNG -> ok(format, pictures.contactSheet(images, response, timeout));
            case HTML ->
                ok(
                        format,
                        html(response, pictures.illustrate(images, response, timeout))
                                .getBytes(UTF_8));
            case EVENTS -> events(CaptionAnswer.of(response)).answer();
        };
    }

    private static ResponseEntity<byte[]> ok(CaptionFormat format, byte[] body) {
        return ResponseEntity.ok().contentType(format.type()).body(body);
    }

    /** Returns a caption a line; of several images each with the name of its image. */
    private static String text(CaptionResponse response) {
        StringBuilder text = new StringBuilder();
        List<CaptionedImage> results = response.results();
        for (int image = 0; image < results.size(); image++) {
            for (Caption caption : results.get(image).captions()) {
                if (results.size() > 1) {
                    text.append(name(results.get(image), image).replaceAll("\\s+", " "))
                            .append('\t');
                }
                text.append(caption.textOrReason()).append('\n');
            }
        }
        return text.toString();
    }

    /** Returns a caption a row, as RFC 4180 has it. */
    private static String csv(CaptionResponse response) {
        StringBuilder csv = new StringBuilder(CSV_HEADER);
        for (int image = 0; image < response.results().size(); image++) {
            CaptionedImage result = response.results().get(image);
            for (int rank = 0; rank < result.captions().size(); rank++) {
                Caption caption = result.captions().get(rank);
                csv.append(String.join(
                                ",",
                                Integer.toString(image),
                                quoted(result.filename() == null ? "" : result.filename()),
                                Integer.toString(rank + 1),
                                quoted(Objects.requireNonNullElse(caption.text(), "")),
                                Float.toString((float) caption.logProbability()),
                                Float.toString((float) caption.confidence()),
                                Integer.toString(result.width()),
                                Integer.toString(result.height()),
                                quoted(response.model().name()),
                                quoted(response.model().version())))
                        .append("\r\n");
            }
        }
        return csv.toString();
    }

    /** A spreadsheet would take a name that begins like a formula for one. */
    private static String quoted(String value) {
        String safe = value.isEmpty() || "=+-@\t\r".indexOf(value.charAt(0)) < 0 ? value : "'" + value;
        return safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                ? safe
                : '"' + safe.replace("\"", "\"\"") + '"';
    }

    private static ServerSentEvents events(CaptionAnswer answer) {
        ServerSentEvents events = new ServerSentEvents();
        for (int image = 0; image < answer.results().size(); image++) {
            CaptionAnswer.Result result = answer.results().get(image);
            events.event(
                    "image",
                    new ImageEvent(image, result.filename(), result.width(), result.height(), result.source()));
            for (int rank = 0; rank < result.captions().size(); rank++) {
                CaptionAnswer.Caption caption = result.captions().get(rank);
                for (int word = 0; word < caption.words().size(); word++) {
                    CaptionAnswer.Word said = caption.words().get(word);
                    events.event(
                            "word",
                            new WordEvent(image, rank + 1, word, said.word(), said.probability(), said.attention()));
                }
                events.event(
                        "caption",
                        new CaptionEvent(
                                image, rank + 1, caption.text(), caption.logProbability(), caption.confidence()));
            }
        }
        events.event("done", new DoneEvent(answer.model(), answer.options(), answer.timing()));
        return events;
    }

    private static String html(CaptionResponse response, List<Illustrated> pictures) {
        List<Map<String, ?>> images = new ArrayList<>();
        for (int image = 0; image < pictures.size(); image++) {
            CaptionedImage result = response.results().get(image);
            images.add(Map.of(
                    "name", name(result, image),
                    "size", "%d × %d".formatted(result.width(), result.height()),
                    "photo", Html.address(pictures.get(image).photo()),
                    "captions",
                            result.captions().stream()
                                    .map(CaptionRenderer::caption)
                                    .toList(),
                    "words", words(result.captions().get(0), pictures.get(image).words())));
        }
        return Html.page(
                CaptionRenderer.class,
                "captions.ftlh",
                Map.of(
                        "title",
                        response.results().get(0).captions().get(0).textOrReason(),
                        "model",
                        response.model().name() + "/" + response.model().version(),
                        "search",
                        search(response),
                        "images",
                        images));
    }

    private static String search(CaptionResponse response) {
        CaptionAnswer.Options options = CaptionAnswer.Options.of(response.options());
        return options.strategy().equals("beam") ? "beam search, width " + options.beamWidth() : options.strategy();
    }

    private static Map<String, ?> caption(Caption caption) {
        return Map.of("text", caption.textOrReason(), "confidence", Html.percent(caption.confidence()));
    }

    private static List<Map<String, ?>> words(Caption caption, List<byte[]> pictures) {
        List<Map<String, ?>> words = new ArrayList<>();
        for (int word = 0; word < pictures.size(); word++) {
            CaptionResponse.Word said = caption.words().get(word);
            words.add(Map.of(
                    "text", said.word(),
                    "probability", Html.percent(said.probability()),
                    "attention",
                            said.attention() == null
                                    ? ""
                                    : place(said.attention().box()),
                    "jpeg", Html.address(pictures.get(word))));
        }
        return words;
    }

    private static String place(CaptionResponse.Box box) {
        return "half of the attention is in the %d × %d pixels from %d, %d"
                .formatted(box.width(), box.height(), box.x(), box.y());
    }

    private static String name(CaptionedImage result, int image) {
        return result.filename() == null ? "image " + (image + 1) : result.filename();
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record ImageEvent(int image, @Nullable String filename, int width, int height, String source) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record WordEvent(
            int image,
            int rank,
            int index,
            String word,
            float probability,
            CaptionAnswer.@Nullable Attention attention) {}

    private record CaptionEvent(
            int image, int rank, @Nullable String text, float logProbability, float confidence) {}

    private record DoneEvent(CaptionAnswer.Model model, CaptionAnswer.Options options, CaptionAnswer.Timing timing) {}
}
