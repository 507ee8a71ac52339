package io.captioner.compat.azure;

import static io.captioner.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.FakeCaptionModel;
import io.captioner.Pictures;
import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.Permit;
import io.captioner.compat.CompatTest;
import io.captioner.compat.JsonClient;
import io.captioner.model.WordRules;
import java.awt.Color;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

@CompatTest
class AzureTests {
    private static final String ANALYZE = "/computervision/imageanalysis:analyze?api-version=2023-10-01";
    private static final byte[] RED = Pictures.png(Color.RED, 40, 20);

    private final Client client;
    private final JsonClient json;
    private final Admission admission;
    private final FakeCaptionModel model;

    AzureTests(@Autowired Environment environment, @Autowired Admission admission, @Autowired FakeCaptionModel model) {
        this.client =
                new Client(Integer.parseInt(Objects.requireNonNull(environment.getProperty("local.server.port"))));
        this.json = new JsonClient(environment);
        this.admission = admission;
        this.model = model;
    }

    @Test
    void theBytesOfAPhotoAreCaptioned() throws Exception {
        HttpResponse<String> response =
                post(ANALYZE + "&features=caption&language=en&gender-neutral-caption=true&model-version=latest", RED);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = json(response);
        assertThat(answer.path("modelVersion").asString()).isEqualTo("2023-10-01");
        assertThat(answer.at("/captionResult/text").asString()).isEqualTo("A red picture");
        assertThat(answer.at("/captionResult/confidence").asDouble()).isBetween(0.1, 0.9);
        assertThat(answer.at("/metadata/width").asInt()).isEqualTo(40);
        assertThat(answer.at("/metadata/height").asInt()).isEqualTo(20);
    }

    @Test
    void aNeutralCaptionIsAskedOfTheModelAndNoOtherIs() throws Exception {
        post(ANALYZE + "&gender-neutral-caption=true", RED);
        assertThat(lastRules()).isEqualTo(WordRules.GENDER_NEUTRAL);
        post(ANALYZE, RED);
        assertThat(lastRules()).isNull();
    }

    private @Nullable WordRules lastRules() {
        return model.asked().get(model.asked().size() - 1).words();
    }

    @Test
    void olderClientsGetTheirShape() throws Exception {
        JsonNode answer = json(post("/vision/v3.2/analyze?visualFeatures=Description", RED));
        JsonNode candidates = json(post("/vision/v3.2/describe?maxCandidates=3&language=en", RED));

        assertThat(answer.at("/description/captions/0/text").asString()).isEqualTo("A red picture");
        assertThat(answer.at("/description/captions/0/confidence").asDouble()).isBetween(0.1, 0.9);
        assertThat(answer.path("requestId").asString()).isNotBlank();
        assertThat(answer.has("tags")).isFalse();
        assertThat(candidates.at("/description/captions")).hasSize(3);
        assertThat(json(post("/vision/v3.2/analyze?visualFeatures=Description,Tags", RED))
                        .path("tags")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void aPhotoWithoutWordsHasASentenceOfNoConfidence() throws Exception {
        JsonNode answer = json(post(ANALYZE + "&features=caption", Pictures.png(Color.BLACK, 9, 9)));

        assertThat(answer.at("/captionResult/text").asString()).isEqualTo("I found no words for this picture.");
        assertThat(answer.at("/captionResult/confidence").asDouble()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "&features=denseCaptions",
        "'&features=caption,denseCaptions'",
        "&features=tags",
        "'&features=caption&features=objects'"
    })
    void otherFeaturesAreRefusedWithAzuresError(String query) throws Exception {
        HttpResponse<String> response = post(ANALYZE + query, RED);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode error = json(response).path("error");
        assertThat(error.path("code").asString()).isEqualTo("InvalidRequest");
        assertThat(error.at("/innererror/code").asString()).isEqualTo("NotSupportedVisualFeature");
        assertThat(error.path("message").asString()).contains("features=");
    }

    @Test
    void otherErrorsHaveAzuresShapeToo() throws Exception {
        JsonNode broken = json(post(ANALYZE + "&features=caption", new byte[] {1, 2, 3, 4, 5}));
        assertThat(broken.at("/error/innererror/code").asString()).isEqualTo("InvalidImageFormat");
        JsonNode url = json(json.post(ANALYZE + "&features=caption", "{'url': 'https://example.org/a.jpg'}"));
        assertThat(url.at("/error/innererror/code").asString()).isEqualTo("InvalidImageUrl");
        HttpResponse<String> language = post(ANALYZE + "&features=caption&language=de", RED);
        assertThat(language.statusCode()).isEqualTo(400);
        assertThat(json(language).at("/error/code").asString()).isEqualTo("InvalidRequest");
        HttpResponse<String> path = post("/vision/v3.2/ocr", RED);
        assertThat(path.statusCode()).isEqualTo(404);
        assertThat(json(path).at("/error/code").asString()).isEqualTo("404");
        JsonNode large = json(post(ANALYZE, new byte[300_000]));
        assertThat(large.at("/error/innererror/code").asString()).isEqualTo("InvalidImageSize");
    }

    @Test
    void aFullServiceRefusesWithTheWait() throws Exception {
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never())) {
            HttpResponse<String> response = post(ANALYZE, RED);
            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(json(response).at("/error/code").asString()).isEqualTo("429");
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
        }
    }

    private HttpResponse<String> post(String path, byte[] body) throws Exception {
        return client.send(client.request(path)
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(body)));
    }
}
