package io.captioner.api;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.Client;
import io.captioner.Client.Part;
import io.captioner.FakeCaptionModel;
import io.captioner.Pictures;
import io.captioner.ServedTest;
import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeOptions.Sampling;
import io.captioner.model.WordRules;
import java.awt.Color;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

@ServedTest
class CaptionRouteTests {
    private static final byte[] RED = Pictures.png(Color.RED, 40, 20);
    private static final byte[] BLUE = Pictures.png(Color.BLUE, 30, 30);

    private final Client client;
    private final FakeCaptionModel model;

    CaptionRouteTests(@Autowired Environment environment, @Autowired FakeCaptionModel model) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        this.model = model;
    }

    @Test
    void aPartNamedImageIsCaptionedWithTheSummaryOfItsAttention() throws Exception {
        HttpResponse<String> response = client.postParts("", Part.image("röt.png", RED));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode answer = json(response);
        assertThat(answer.propertyNames()).containsExactly("model", "options", "results", "timing");
        assertThat(answer.path("model").path("name").asString()).isEqualTo("colours");
        assertThat(answer.path("model").path("version").asString()).isEqualTo("3");
        assertThat(answer.path("model").path("device").asString()).isEqualTo("cpu");
        assertThat(answer.path("timing").propertyNames())
                .containsExactlyInAnyOrder("queueMillis", "decodeMillis", "inferenceMillis");
        JsonNode result = answer.path("results").path(0);
        assertThat(result.path("filename").asString()).isEqualTo("röt.png");
        assertThat(result.path("width").asInt()).isEqualTo(40);
        assertThat(result.path("height").asInt()).isEqualTo(20);
        assertThat(result.path("captions").size()).isEqualTo(1);
        JsonNode caption = result.path("captions").path(0);
        assertThat(caption.propertyNames())
                .containsExactlyInAnyOrder(
                        "text", "logProbability", "confidence", "calibrated", "likelihood", "agreement", "words");
        assertThat(caption.path("text").asString()).isEqualTo("a red picture");
        assertThat(caption.path("logProbability").asDouble()).isCloseTo(Math.log(0.5 * 0.25 * 0.25), within(1e-5));
        assertThat(caption.path("confidence").asDouble()).isCloseTo(Math.cbrt(0.5 * 0.25 * 0.25), within(1e-5));
        JsonNode second = caption.path("words").path(1);
        assertThat(caption.path("likelihood")).isEqualTo(caption.path("confidence"));
        assertThat(caption.path("calibrated").asBoolean(true)).isFalse();
        assertThat(caption.path("agreement").asDouble()).isEqualTo(1);
        assertThat(second.path("agreement").asDouble()).isEqualTo(1);
        assertThat(second.path("word").asString()).isEqualTo("red");
        assertThat(second.path("probability").asDouble()).isCloseTo(0.25, within(1e-6));
        JsonNode attention = second.path("attention");
        assertThat(attention.propertyNames()).containsExactlyInAnyOrder("peak", "box", "entropy");
        assertThat(attention.path("peak").toString()).isEqualTo("{\"x\":30,\"y\":5}");
        assertThat(attention.path("box").toString()).isEqualTo("{\"x\":20,\"y\":0,\"width\":20,\"height\":10}");
    }

    @Test
    void aCaptionOfTooLittleConfidenceIsWithheldAndNothingElse() throws Exception {
        JsonNode plain = json(client.postParts("?minConfidence=0.3", Part.image("a.png", RED)))
                .at("/results/0/captions/0");
        assertThat(plain.path("text").asString()).isEqualTo("a red picture");
        assertThat(plain.has("abstained")).isFalse();

        JsonNode withheld = json(client.postParts("?minConfidence=0.4&alternatives=2", Part.image("a.png", RED)))
                .at("/results/0/captions");
        assertThat(withheld).hasSize(2);
        for (JsonNode caption : withheld) {
            assertThat(caption.has("text")).isTrue();
            assertThat(caption.path("text").isNull()).isTrue();
            assertThat(caption.path("words").size()).isGreaterThan(2);
        }
        assertThat(withheld.path(0).path("abstained").asString())
                .isEqualTo("The confidence is 0.315, below minConfidence, 0.400: lower it to see the caption.");
    }

    @Test
    void anAlternativeTextBeginsWithAnUpperCaseLetter() throws Exception {
        assertThat(json(client.postParts("?style=alt", Part.image("a.png", RED)))
                        .at("/results/0/captions/0/text")
                        .asString())
                .isEqualTo("A red picture");
    }

    @Test
    void rulesAboutWordsReachTheModelAndAreFormFieldsToo() throws Exception {
        client.postParts("?genderNeutral=true&avoid=Green,%20blue,green&require=red", Part.image("a.png", BLUE));

        assertThat(model.asked().get(model.asked().size() - 1).words())
                .isEqualTo(new WordRules(true, List.of("blue", "green"), List.of("red")));
    }

    @Test
    void anAcceptedLanguageThatNoModelHasIsNoError() throws Exception {
        assertThat(client.postBody("", "image/png", RED, "Accept-Language", "tlh, de;q=0.5")
                        .statusCode())
                .isEqualTo(200);
        assertThat(client.postBody("", "image/png", RED, "Accept-Language", ";;")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theGridIsReturnedWhenAskedForAndSumsToOne() throws Exception {
        JsonNode grid = json(client.postParts("?attention=grid", Part.image("a.png", RED)))
                .at("/results/0/captions/0/words/0/attention/grid");

        assertThat(grid.path("rows").asInt()).isEqualTo(2);
        assertThat(grid.path("columns").asInt()).isEqualTo(2);
        double sum = 0;
        for (JsonNode row : grid.path("weights")) {
            for (JsonNode weight : row) {
                sum += weight.asDouble();
            }
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
        assertThat(grid.at("/weights/0/0").asDouble()).isCloseTo(0.7, within(1e-6));
    }

    @Test
    void attentionIsAbsentWhenNotWantedAndWhenTheModelHasNone() throws Exception {
        for (String query : List.of("?attention=none", "?model=blind&attention=grid")) {
            JsonNode word =
                    json(client.postParts(query, Part.image("a.png", RED))).at("/results/0/captions/0/words/0");
            assertThat(word.propertyNames()).containsExactlyInAnyOrder("word", "probability", "agreement");
        }
    }

    @Test
    void severalImagesKeepTheirOrder() throws Exception {
        JsonNode results = json(client.postParts(
                        "", Part.image("1.png", RED), Part.image("2.png", BLUE), Part.image("3.png", RED)))
                .path("results");

        assertThat(results.valueStream().map(r -> r.path("filename").asString()))
                .containsExactly("1.png", "2.png", "3.png");
        assertThat(results.valueStream().map(r -> r.at("/captions/0/text").asString()))
                .containsExactly("a red picture", "a blue picture", "a red picture");
    }

    @Test
    void aRawBodyIsCaptionedWhateverItsImageTypeSays() throws Exception {
        for (String type : new String[] {"image/png", "image/jpeg", "application/octet-stream", null}) {
            HttpResponse<String> response = client.postBody("", type, BLUE);
            assertThat(response.statusCode())
                    .as("%s: %s", type, response.body())
                    .isEqualTo(200);
            JsonNode result = json(response).at("/results/0");
            assertThat(result.at("/captions/0/text").asString()).isEqualTo("a blue picture");
            assertThat(result.has("filename")).isFalse();
        }
    }

    @Test
    void aPartWithoutFileNameIsAnImageToo() throws Exception {
        HttpResponse<String> response = client.postParts("", new Part("image", null, RED));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response).at("/results/0/captions/0/text").asString()).isEqualTo("a red picture");
    }

    @Test
    void theParametersReachTheSearch() throws Exception {
        HttpResponse<String> response =
                client.postParts("?beamWidth=5&alternatives=4&maxWords=4&lengthPenalty=0.75", Part.image("a.png", RED));

        assertThat(json(response)
                        .at("/results/0/captions")
                        .valueStream()
                        .map(c -> c.path("text").asString()))
                .containsExactly("a red picture", "a red picture again", "a red picture again", "a red picture again");
        assertThat(model.asked()).contains(new DecodeOptions(5, 4, 0.75f));
    }

    @Test
    void wordsAreSampledOnRequest() throws Exception {
        HttpResponse<String> response = client.postParts(
                "?strategy=sample&alternatives=2&temperature=0.7&topK=5&topP=0.9&seed=3&noRepeatNgram=2",
                Part.image("a.png", RED));

        assertThat(model.asked())
                .contains(new DecodeOptions(2, FakeCaptionModel.MAX_WORDS, 0.5f, 2, new Sampling(0.7f, 5, 0.9f, 3)));
        JsonNode options = json(response).path("options");
        assertThat(options.path("strategy").asString()).isEqualTo("sample");
        assertThat(options.at("/sampling/seed").asInt()).isEqualTo(3);
        assertThat(options.path("noRepeatNgram").asInt()).isEqualTo(2);
        assertThat(json(response).at("/results/0/captions").size()).isEqualTo(2);
    }

    @Test
    void greedySearchIsABeamOfOne() throws Exception {
        HttpResponse<String> response = client.postParts("?strategy=greedy", Part.image("a.png", RED));

        assertThat(model.asked()).contains(new DecodeOptions(1, FakeCaptionModel.MAX_WORDS, 0.5f));
        assertThat(json(response).at("/options/strategy").asString()).isEqualTo("greedy");
        assertThat(json(response).at("/options").has("sampling")).isFalse();
    }

    @Test
    void aBlankFormFieldIsAsIfItWereNotThere() throws Exception {
        HttpResponse<String> response = client.postParts(
                "?beamWidth=4", new Part("beamWidth", null, new byte[] {' '}), Part.image("a.png", RED));

        assertThat(json(response).at("/options/beamWidth").asInt()).isEqualTo(4);
        assertThat(json(response).at("/options/consensus").isBoolean()).isTrue();
    }

    @Test
    void captionsAreOrderedByConsensusOnRequest() throws Exception {
        HttpResponse<String> response = client.postParts("?consensus=true", Part.image("a.png", RED));

        assertThat(model.asked()).contains(new DecodeOptions(3, FakeCaptionModel.MAX_WORDS, 0.5f, 0, null, null, true));
        assertThat(json(response).at("/options/consensus").asBoolean()).isTrue();
        assertThat(json(client.postParts("?consensus=maybe", Part.image("a.png", RED)))
                        .path("detail")
                        .asString())
                .isEqualTo("consensus must be true or false, not 'maybe'.");
    }

    @Test
    void parametersMayBeFormFieldsAsWell() throws Exception {
        HttpResponse<String> response = client.postParts(
                "", new Part("alternatives", null, "2".getBytes(StandardCharsets.UTF_8)), Part.image("a.png", RED));

        assertThat(json(response).at("/results/0/captions").size())
                .as(response.body())
                .isEqualTo(2);
    }

    @Test
    void defaultsAreTheBundlesAndMoreWordsThanItHasMeansAllItHas() throws Exception {
        client.postParts("?maxWords=50", Part.image("a.png", RED));

        assertThat(model.asked()).contains(new DecodeOptions(3, FakeCaptionModel.MAX_WORDS, 0.5f));
    }
}
