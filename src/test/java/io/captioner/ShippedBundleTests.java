package io.captioner;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.Client.Part;
import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import io.captioner.model.Golden;
import io.captioner.model.GoldenImages;
import io.captioner.text.CaptionTokenizer;
import io.captioner.text.Vocabulary;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/** From a file over HTTP to a caption and back: the real server with the bundle that ships. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0", "captioner.cache.enabled=false", "captioner.compat.enabled=azure"})
class ShippedBundleTests {
    private static final ImageSize SIZE = new ImageSize(240, 240);
    private static final double TOLERANCE = 1e-3;

    private final Client client;
    private final Client management;

    ShippedBundleTests(@Autowired Environment environment) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        this.management =
                new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.management.port"))));
    }

    @Test
    void itAnswersGoldenPicturesWithTheWordsOfItsTraining() throws Exception {
        Golden golden = Golden.read(ShippedBundle.DIRECTORY);
        Vocabulary vocabulary = Vocabulary.read(ShippedBundle.DIRECTORY.resolve("vocabulary.txt"));
        List<Pixels> pictures = GoldenImages.draw(golden.seed(), golden.images(), SIZE);

        HttpResponse<String> response = client.postParts(
                "?beamWidth=%1$d&alternatives=%1$d&maxWords=%2$d&lengthPenalty=%3$s"
                        .formatted(
                                golden.options().beamWidth(),
                                golden.options().maxWords(),
                                golden.options().lengthPenalty()),
                pictures.stream()
                        .map(picture -> Part.image("drawn.png", Pictures.png(picture)))
                        .toArray(Part[]::new));

        assertThat(response.statusCode()).isEqualTo(200);
        for (int image = 0; image < golden.images(); image++) {
            List<String> words = vocabulary.words(golden.tokens()[image]);
            String text = CaptionTokenizer.sentence(words);
            // Support may put another caption of the beam first.
            JsonNode caption = json(response)
                    .at("/results/%d/captions".formatted(image))
                    .valueStream()
                    .filter(one -> one.path("text").asString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no caption is '%s'".formatted(text)));
            for (int word = 0; word < words.size(); word++) {
                assertThat(Math.log(caption.at("/words/%d/probability".formatted(word))
                                .asDouble()))
                        .isCloseTo(golden.logProbabilities()[image][word], within(TOLERANCE));
            }
        }
    }

    @Test
    void aPhotoGetsTheSameCaptionAloneAndAmongSixteen() throws Exception {
        List<byte[]> pictures =
                GoldenImages.draw(99, 16, SIZE).stream().map(Pictures::png).toList();
        JsonNode together = json(client.postParts(
                "", pictures.stream().map(png -> Part.image("a.png", png)).toArray(Part[]::new)));

        for (int i = 0; i < pictures.size(); i++) {
            JsonNode alone =
                    json(client.postBody("", "image/png", pictures.get(i))).at("/results/0/captions/0");
            JsonNode among = together.at("/results/%d/captions/0".formatted(i));
            assertThat(alone.path("text")).as("picture %d", i).isEqualTo(among.path("text"));
            assertThat(alone.path("logProbability").asDouble())
                    .isCloseTo(among.path("logProbability").asDouble(), within(TOLERANCE));
        }
    }

    @Test
    void aServedCaptionScoresItsOwnLogProbabilityAloneAndAmongSixteen() throws Exception {
        List<byte[]> pictures =
                GoldenImages.draw(77, 16, SIZE).stream().map(Pictures::png).toList();
        JsonNode served = json(client.postParts(
                "", pictures.stream().map(png -> Part.image("a.png", png)).toArray(Part[]::new)));
        List<CompletableFuture<HttpResponse<String>>> together = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            int picture = i;
            String text = served.at("/results/%d/captions/0/text".formatted(i)).asString();
            requireServedScore(served, i, json(score(pictures.get(i), text)));
            together.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return score(pictures.get(picture), "A labradoodle!", text, "two dogs");
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (int i = 0; i < pictures.size(); i++) {
            JsonNode among = json(together.get(i).join());
            assertThat(among.at("/scores/0/unknown/0").asString()).isEqualTo("labradoodle");
            requireServedScore(served, i, among);
        }
    }

    private static void requireServedScore(JsonNode served, int image, JsonNode scored) {
        JsonNode caption = served.at("/results/%d/captions/0".formatted(image));
        JsonNode score = scored.path("scores")
                .valueStream()
                .filter(one -> one.path("text").equals(caption.path("text")))
                .findFirst()
                .orElseThrow();
        assertThat(score.path("logProbability").asDouble())
                .as("picture %d", image)
                .isCloseTo(caption.path("logProbability").asDouble(), within(1e-4));
        for (int word = 0; word < caption.path("words").size(); word++) {
            assertThat(score.path("words").path(word).path("word"))
                    .isEqualTo(caption.path("words").path(word).path("word"));
            assertThat(score.path("words").path(word).path("attention").path("peak"))
                    .isEqualTo(
                            caption.path("words").path(word).path("attention").path("peak"));
        }
    }

    private HttpResponse<String> score(byte[] picture, String... texts) throws IOException, InterruptedException {
        List<Part> parts = new ArrayList<>(List.of(Part.image("a.png", picture)));
        for (String text : texts) {
            parts.add(Part.field("text", text));
        }
        return client.send(client.form("/captions/score", parts.toArray(Part[]::new)));
    }

    @Test
    void attentionIsInPixelsOfTheOriginalAndItsGridSumsToOne() throws Exception {
        byte[] wide =
                Pictures.png(GoldenImages.draw(5, 1, new ImageSize(640, 200)).get(0));

        JsonNode result = json(client.postBody("?attention=grid&alternatives=3", "application/octet-stream", wide))
                .at("/results/0");

        assertThat(result.path("width").asInt()).isEqualTo(640);
        assertThat(result.path("height").asInt()).isEqualTo(200);
        assertThat(result.path("captions").size()).isEqualTo(3);
        for (JsonNode caption : result.path("captions")) {
            assertThat(caption.path("words").size()).isPositive();
            for (JsonNode word : caption.path("words")) {
                JsonNode box = word.at("/attention/box");
                assertThat(box.path("x").asInt() + box.path("width").asInt()).isBetween(1, 640);
                assertThat(box.path("y").asInt() + box.path("height").asInt()).isBetween(1, 200);
                assertThat(sum(word.at("/attention/grid/weights"))).isCloseTo(1, within(1e-5));
                assertThat(word.at("/attention/entropy").asDouble()).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void azuresNeutralCaptionsAreAnsweredToo() throws Exception {
        HttpResponse<String> response = client.send(client.request(
                        "/computervision/imageanalysis:analyze?api-version=2023-10-01&gender-neutral-caption=true")
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(Pictures.noise(64))));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response).at("/captionResult/text").asString()).isNotBlank();
    }

    @Test
    void itIsReadyAndCounted() throws Exception {
        client.postBody("", "image/png", Pictures.noise(64));

        assertThat(client.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(management.get("/actuator/prometheus").body())
                .contains("captioner_queue_seconds_count", "captioner_batch_size_images_count")
                .contains("captioner_inference_seconds_count", "http_server_requests_seconds_count");
        assertThat(client.get("/swagger-ui/index.html").statusCode()).isEqualTo(200);
        assertThat(client.get("/v3/api-docs").body()).contains("/captions");
    }

    @Test
    void theBundleIsNoLargerThanPromised() throws IOException {
        try (var files = Files.list(ShippedBundle.DIRECTORY)) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(45_000_000);
        }
    }

    private static double sum(JsonNode rows) {
        return IntStream.range(0, rows.size())
                .mapToDouble(row -> IntStream.range(0, rows.path(row).size())
                        .mapToDouble(column -> rows.path(row).path(column).asDouble())
                        .sum())
                .sum();
    }
}
