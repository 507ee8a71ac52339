package io.captioner.compat.azure;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.Protocol;
import io.captioner.caption.RequestProperties;
import io.captioner.compat.CompatCaptions;
import io.captioner.compat.CompatCaptions.Answer;
import io.captioner.compat.CompatCaptions.Wish;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.compat.Description;
import io.captioner.compat.ModelNames;
import io.captioner.compat.Replies;
import io.captioner.compat.Sampling;
import io.captioner.model.DecodeRequest;
import io.captioner.model.WordRules;
import io.captioner.web.ImageUploads;
import io.captioner.web.RemoteImages;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Azure's Image Analysis: {@code features=caption} of 4.0 (2023-10-01), and {@code visualFeatures=Description} of 3.2.
 * What else these services can do is refused with Azure's own error; only tags beside a description, which WordPress
 * plugins ask for, are an empty list.
 */
@RestController
@ConditionalOnProtocol(Protocol.AZURE)
final class AzureController {
    private static final String VERSION_4 = "2023-10-01";
    private static final String VERSION_3 = "2021-05-01";
    private static final String ENGLISH = "en";

    private final CompatCaptions captions;
    private final ModelNames names;
    private final ImageUploads uploads;

    AzureController(
            CompatCaptions captions,
            ModelNames names,
            ImageProperties limits,
            RequestProperties requests,
            RemoteImages remote) {
        this.captions = captions;
        this.names = names;
        this.uploads = new ImageUploads(limits, requests, remote);
    }

    @PostMapping(AzureRoutes.ANALYZE_4)
    ResponseEntity<byte[]> analyze(
            @RequestParam(name = "features", defaultValue = "caption") String features,
            @RequestParam(name = "language", defaultValue = ENGLISH) String language,
            @RequestParam(name = "model-name", required = false) @Nullable String model,
            @RequestParam(name = "gender-neutral-caption", defaultValue = "false") boolean genderNeutral,
            HttpServletRequest request)
            throws IOException, ServletException {
        requireOnly("features", features, Set.of("caption"));
        requireEnglish(language);
        Description description =
                describe(request, Sampling.captions(1, genderNeutral ? WordRules.GENDER_NEUTRAL : null), model);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("modelVersion", VERSION_4);
        answer.put("captionResult", caption(description.best()));
        answer.put("metadata", Map.of("width", description.width(), "height", description.height()));
        return Replies.json(answer);
    }

    @PostMapping(AzureRoutes.ANALYZE_3)
    ResponseEntity<byte[]> analyzeOlder(
            @RequestParam(name = "visualFeatures", defaultValue = "Description") String features,
            @RequestParam(name = "language", defaultValue = ENGLISH) String language,
            HttpServletRequest request)
            throws IOException, ServletException {
        requireOnly("visualFeatures", features, Set.of("description", "tags"));
        if (!features.toLowerCase(Locale.ROOT).contains("description")) {
            throw unsupported("visualFeatures", features);
        }
        requireEnglish(language);
        Description description = describe(request, Sampling.captions(1), null);
        Map<String, Object> answer = older(description);
        if (features.toLowerCase(Locale.ROOT).contains("tags")) {
            answer.put("tags", List.of());
        }
        answer.put("description", Map.of("tags", List.of(), "captions", captions(description)));
        return Replies.json(answer);
    }

    @PostMapping(AzureRoutes.DESCRIBE_3)
    ResponseEntity<byte[]> describeOlder(
            @RequestParam(name = "maxCandidates", defaultValue = "1") int candidates,
            @RequestParam(name = "language", defaultValue = ENGLISH) String language,
            HttpServletRequest request)
            throws IOException, ServletException {
        requireEnglish(language);
        Description description = describe(request, Sampling.captions(candidates), null);
        Map<String, Object> answer = older(description);
        answer.put("description", Map.of("tags", List.of(), "captions", captions(description)));
        return Replies.json(answer);
    }

    private Description describe(HttpServletRequest request, DecodeRequest decoding, @Nullable String model)
            throws IOException, ServletException {
        try (ImageUploads.Received received = uploads.read(request)) {
            String bundle = model == null ? null : names.bundle(model, List.of());
            Answer answer = captions.describe(request, Protocol.AZURE, new Wish(received.images(), decoding, bundle));
            return answer.descriptions().get(0);
        }
    }

    private static Map<String, Object> older(Description description) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("requestId", UUID.randomUUID().toString());
        answer.put("metadata", Map.of("width", description.width(), "height", description.height()));
        answer.put("modelVersion", VERSION_3);
        return answer;
    }

    private static List<Map<String, Object>> captions(Description description) {
        return description.sentences().stream().map(AzureController::caption).toList();
    }

    private static Map<String, Object> caption(Description.Sentence sentence) {
        Map<String, Object> caption = new LinkedHashMap<>();
        caption.put("text", sentence.text());
        caption.put("confidence", (float) sentence.confidence());
        return caption;
    }

    /** The features are a list with commas; several parameters of the name have been joined so by Spring. */
    private static void requireOnly(String parameter, String features, Set<String> known) {
        for (String feature : features.split(",", -1)) {
            if (!known.contains(feature.strip().toLowerCase(Locale.ROOT))) {
                throw unsupported(parameter, feature.strip());
            }
        }
    }

    private static CaptionFailure unsupported(String parameter, String feature) {
        return CaptionFailure.invalidParameter(
                "features",
                "%s=%s is not supported: this service writes captions and nothing else.".formatted(parameter, feature));
    }

    private static void requireEnglish(String language) {
        if (!language.toLowerCase(Locale.ROOT).equals(ENGLISH)) {
            throw CaptionFailure.invalidParameter(
                    "language", "language may only be 'en', not '%s': captions are English.".formatted(language));
        }
    }
}
