package io.captioner.api;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.Client;
import io.captioner.Client.Part;
import io.captioner.Pictures;
import io.captioner.ServedTest;
import java.awt.Color;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

@ServedTest
class ScoreRouteTests {
    private static final byte[] RED = Pictures.png(Color.RED, 40, 20);
    private static final double LIKELY = Math.log(0.5 * 0.25 * 0.25);

    private final Client client;
    private final Client management;

    ScoreRouteTests(@Autowired Environment environment) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        this.management =
                new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.management.port"))));
    }

    @Test
    void textsAreScoredInOrderAndRanked() throws Exception {
        HttpResponse<String> response =
                score("", "A red picture.", "a green picture", "  A RED labradoodle, café", "a red picture");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = json(response);
        assertThat(answer.propertyNames())
                .containsExactly("model", "lengthPenalty", "filename", "width", "height", "source", "scores", "timing");
        assertThat(answer.path("width").asInt()).isEqualTo(40);
        assertThat(answer.path("filename").asString()).isEqualTo("red.png");
        assertThat(answer.path("lengthPenalty").asDouble()).isEqualTo(0.5);
        JsonNode scores = answer.path("scores");
        assertThat(scores.valueStream().map(score -> score.path("text").asString()))
                .containsExactly("A red picture.", "a green picture", "  A RED labradoodle, café", "a red picture");
        assertThat(scores.valueStream().map(score -> score.path("rank").asInt()))
                .containsExactly(1, 3, 4, 1);
        JsonNode likely = scores.path(0);
        assertThat(likely.propertyNames())
                .containsExactly(
                        "text",
                        "rank",
                        "logProbability",
                        "score",
                        "confidence",
                        "endProbability",
                        "words",
                        "weakest",
                        "unknown");
        assertThat(likely.path("logProbability").asDouble()).isCloseTo(LIKELY, within(1e-5));
        assertThat(likely.path("score").asDouble()).isCloseTo(LIKELY / 2, within(1e-5));
        assertThat(likely.path("endProbability").asDouble()).isCloseTo(1, within(1e-5));
        assertThat(likely.path("weakest").asInt()).isEqualTo(1);
        assertThat(likely.path("unknown").isEmpty()).isTrue();
        assertThat(likely.at("/words/1/word").asString()).isEqualTo("red");
        assertThat(likely.at("/words/1/attention/peak").toString()).isEqualTo("{\"x\":30,\"y\":5}");
        JsonNode wrong = scores.path(1);
        assertThat(wrong.path("weakest").asInt()).isEqualTo(1);
        assertThat(wrong.at("/words/1/probability").asDouble()).isCloseTo(0.01, within(1e-6));
        JsonNode unknown = scores.path(2);
        assertThat(unknown.path("unknown").valueStream().map(JsonNode::asString))
                .containsExactly("labradoodle", "café");
        assertThat(unknown.at("/words/2/word").asString()).isEqualTo("labradoodle");
    }

    @Test
    void aPhotosOwnCaptionHasTheLogProbabilityItWasServedWith() throws Exception {
        JsonNode served = json(client.postParts("", Part.image("red.png", RED))).at("/results/0/captions/0");

        JsonNode scored = json(score("", served.path("text").asString())).at("/scores/0");

        assertThat(scored.path("logProbability").asDouble())
                .isCloseTo(served.path("logProbability").asDouble(), within(1e-6));
        assertThat(scored.path("words")).isEqualTo(served.path("words"));
    }

    @Test
    void theNamesOfSpecialTokensAreUnknownWords() throws Exception {
        JsonNode score = json(score("", "a <end> <pad> <start> <unk>")).at("/scores/0");

        assertThat(score.path("unknown").valueStream().map(JsonNode::asString))
                .containsExactly("<end>", "<pad>", "<start>", "<unk>");
    }

    @Test
    void aPhotoMayBeTheBodyAndTheTextsInTheQuery() throws Exception {
        HttpResponse<String> response = client.send(
                client.request("/captions/score?text=a%20red%20picture&text=again&attention=grid&lengthPenalty=0")
                        .header("Content-Type", "image/png")
                        .POST(BodyPublishers.ofByteArray(RED)));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode answer = json(response);
        assertThat(answer.has("filename")).isFalse();
        assertThat(answer.path("scores").size()).isEqualTo(2);
        assertThat(answer.at("/scores/0/score")).isEqualTo(answer.at("/scores/0/logProbability"));
        assertThat(answer.at("/scores/0/words/0/attention/grid/rows").asInt()).isEqualTo(2);
    }

    @Test
    void aModelWithoutAttentionScoresToo() throws Exception {
        JsonNode score = json(score("?model=blind", "a red picture")).at("/scores/0");

        assertThat(score.at("/words/0").propertyNames()).containsExactly("word", "probability");
        assertThat(score.path("logProbability").asDouble()).isCloseTo(LIKELY, within(1e-5));
    }

    @Test
    void whatCannotBeScoredIsRefusedWithTheLimitAndTheRemedy() throws Exception {
        requireProblem(score(""), 400, "invalid-parameter", "Send 1 to 32 texts, each as a field named 'text', not 0.");
        requireProblem(score("", "a", "…, !"), 400, "invalid-parameter", "Text 2 has no words: send at least one.");
        requireProblem(score("", ""), 400, "invalid-parameter", "Text 1 has no words: send at least one.");
        requireProblem(
                score("", Collections.nCopies(33, "a").toArray(String[]::new)),
                400,
                "invalid-parameter",
                "Send 1 to 32 texts, each as a field named 'text', not 33.");
        requireProblem(
                score("", "a", "red ".repeat(21)),
                400,
                "invalid-parameter",
                "Text 2 has 21 words, and the model scores at most 20: send a shorter one.");
        requireProblem(
                score("", "a".repeat(1001)), 400, "invalid-parameter", "Text 1 has 1001 characters, and at most 1000");
        requireProblem(
                score("?lengthPenalty=6", "a"), 400, "invalid-parameter", "lengthPenalty must be a number from 0 to 5");
        requireProblem(
                score("?beamWidth=3", "a"), 400, "invalid-parameter", "There is no parameter 'beamWidth': use text, ");
        requireProblem(score("?model=none", "a"), 404, "unknown-model", "There is no model of that name");
        requireProblem(
                client.send(client.form(
                        "/captions/score",
                        Part.image("1.png", RED),
                        Part.image("2.png", RED),
                        Part.field("text", "a"))),
                413,
                "too-many-images",
                "Texts are scored for one image, not 2: send a request for each.");
        requireProblem(
                client.send(client.form("/captions/score", Part.field("text", "a"))), 400, "missing-image", "image");
        requireProblem(
                client.send(client.form(
                        "/captions/score",
                        Part.image("white.png", Pictures.png(Color.WHITE, 9, 9)),
                        Part.field("text", "a"))),
                500,
                "model-failed",
                "The model failed on this image");
    }

    @Test
    void otherMethodsAndMediaTypesAreRefused() throws Exception {
        requireProblem(client.get("/captions/score"), 405, "method-not-allowed", "Use POST here");
        requireProblem(
                client.send(client.form("/captions/score", Part.image("red.png", RED), Part.field("text", "a"))
                        .header("Accept", "text/csv")),
                406,
                "not-acceptable",
                "application/json");
    }

    @Test
    void textsAreCounted() throws Exception {
        double before = counted();

        score("", "a red picture", "again");

        assertThat(counted()).isEqualTo(before + 2);
    }

    private double counted() throws Exception {
        return management
                .get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("captioner_scored_texts_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private HttpResponse<String> score(String query, String... texts) throws Exception {
        List<Part> parts = new ArrayList<>(List.of(Part.image("red.png", RED)));
        for (String text : texts) {
            parts.add(Part.field("text", text));
        }
        return client.send(client.form("/captions/score" + query, parts.toArray(Part[]::new)));
    }

    private static void requireProblem(HttpResponse<String> response, int status, String type, String detail) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(response).path("type").asString()).isEqualTo("urn:captioner:problem:" + type);
        assertThat(json(response).path("detail").asString()).contains(detail);
    }
}
