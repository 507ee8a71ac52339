package io.captioner.api;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.FakeCaptionModel;
import io.captioner.Pictures;
import io.captioner.ServedTest;
import io.captioner.model.DecodeOptions;
import java.awt.Color;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

@ServedTest
class CaptionQueryResolverTests {
    private static final byte[] RED = Pictures.png(Color.RED, 40, 20);

    private final Client client;
    private final FakeCaptionModel model;

    CaptionQueryResolverTests(@Autowired Environment environment, @Autowired FakeCaptionModel model) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        this.model = model;
    }

    @ParameterizedTest
    @CsvSource({
        "strategy=dance, 'strategy must be one of beam, greedy, sample, not ''dance''.'",
        "attention=all, 'attention must be one of none, summary, grid, not ''all''.'",
        "beamWidth=wide, 'beamWidth must be a whole number from 1 to 10, not ''wide''.'",
        "beamWidth=11, 'beamWidth must be a whole number from 1 to 10, not ''11''.'",
        "beamWidth=0x3, 'beamWidth must be a whole number from 1 to 10, not ''0x3''.'",
        "beamWidth=1%200, 'beamWidth must be a whole number from 1 to 10, not ''1 0''.'",
        "beamWidth=wide&beamWidth=3, 'beamWidth must be a whole number from 1 to 10, not ''wide''.'",
        "alternatives=0, 'alternatives must be a whole number from 1 to beamWidth, not ''0''.'",
        "maxWords=51, 'maxWords must be a whole number from 1 to 50, not ''51''.'",
        "lengthPenalty=NaN, 'lengthPenalty must be a number from 0 to 5, not ''NaN''.'",
        "noRepeatNgram=5, 'noRepeatNgram must be a whole number from 0 to 4, not ''5''.'",
        "temperature=0.01, 'temperature must be a number from 0.05 to 5.0, not ''0.01''.'",
        "minConfidence=2, 'minConfidence must be a number from 0 to 1, not ''2.0''.'",
        "genderNeutral=yes, 'genderNeutral must be true or false, not ''yes''.'",
        "'avoid=,', 'avoid must be 1 to 100 single words with commas, not '',''.'",
        "require=hot%20dog, 'require must be 1 to 3 single words with commas, not ''hot dog''.'",
        "'require=a,b,c,d', 'require must be 1 to 3 single words with commas, not ''a,b,c,d''.'",
        "'require=a,purple', 'require has words that the model does not know: purple. Use words of the bundle''s vocabulary.txt.'",
        "require=red&avoid=red, 'require has words that avoid or genderNeutral excludes: red. Leave them out of one of the two.'",
        "require=red&strategy=sample, 'require is for a search, not for strategy=sample: leave out the one or the other.'",
        "'require=red,green&maxWords=2', 'require has 2 words, but a caption may have 2: raise maxWords above the number of required words.'",
        "style=shout, 'style must be one of plain, alt, not ''shout''.'",
        "language=xx, 'language is ''xx'', but the model does not say in which language it captions: leave language out.'",
        "topK=0, 'topK must be a whole number from 1 to 100000, not ''0''.'",
        "topP=0, 'topP must be a number above 0, at most 1, not ''0.0''.'",
        "seed=4294967296, 'seed must be a whole number of 32 bits, signed or unsigned: from -2147483648 to 4294967295, not ''4294967296''.'"
    })
    void aWrongValueIsAnsweredWithItsRule(String query, String detail) throws Exception {
        assertThat(problem("?" + query).path("detail").asString()).isEqualTo(detail);
    }

    @Test
    void allWrongParametersAreNamedAtOnceSortedByName() throws Exception {
        JsonNode problem = problem("?strategy=dance&maxWords=0&beamWidth=wide");

        assertThat(problem.path("parameter").asString()).isEqualTo("beamWidth");
        assertThat(problem.path("detail").asString())
                .isEqualTo("beamWidth must be a whole number from 1 to 10, not 'wide'."
                        + " maxWords must be a whole number from 1 to 50, not '0'."
                        + " strategy must be one of beam, greedy, sample, not 'dance'.");
    }

    @Test
    void theMessagesDoNotDependOnTheLanguageOfTheClient() throws Exception {
        HttpResponse<String> response =
                client.postBody("?beamWidth=11&topK=x", "image/png", RED, "Accept-Language", "de");

        assertThat(json(response).path("detail").asString())
                .isEqualTo("beamWidth must be a whole number from 1 to 10, not '11'."
                        + " topK must be a whole number from 1 to 100000, not 'x'.");
    }

    @Test
    void aMisspeltParameterIsAnsweredWithTheNamesThereAre() throws Exception {
        assertThat(problem("?beam_width=3").path("detail").asString())
                .isEqualTo("There is no parameter 'beam_width': use strategy, beamWidth, alternatives, maxWords,"
                        + " lengthPenalty, noRepeatNgram, consensus, temperature, topK, topP, seed, minConfidence, genderNeutral, avoid,"
                        + " require, style, attention, model, language.");
        assertThat(problem("?_beamWidth=on").path("parameter").asString()).isEqualTo("_beamWidth");
        assertThat(problem("?%21beamWidth=3").path("parameter").asString()).isEqualTo("!beamWidth");
    }

    @Test
    void namesOfStrategiesAndAttentionMayBeInAnyCase() throws Exception {
        JsonNode answer = json(client.postBody("?strategy=Greedy&attention=NONE", "image/png", RED));

        assertThat(answer.at("/options/strategy").asString()).isEqualTo("greedy");
        assertThat(answer.at("/results/0/captions/0/words/0").has("attention")).isFalse();
    }

    @Test
    void aBlankParameterIsAbsentAndSpacesAroundAValueAreIgnored() throws Exception {
        HttpResponse<String> response =
                client.postBody("?beamWidth=+2+&maxWords=&seed=%20&strategy=&topP=+&model=+", "image/png", RED);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(model.asked()).contains(new DecodeOptions(2, FakeCaptionModel.MAX_WORDS, 0.5f));
    }

    @Test
    void theFirstValueOfARepeatedParameterCounts() throws Exception {
        JsonNode answer = json(client.postBody("?beamWidth=4&beamWidth=5&model=blind&model=x", "image/png", RED));

        assertThat(answer.at("/options/beamWidth").asInt()).isEqualTo(4);
        assertThat(answer.at("/model/name").asString()).isEqualTo("blind");
    }

    @Test
    void headersAreNoParameters() throws Exception {
        HttpResponse<String> response =
                client.postBody("", "image/png", RED, "Model", "blind", "Seed", "x", "beamWidth", "7");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response).at("/model/name").asString()).isEqualTo("colours");
        assertThat(json(response).at("/options/beamWidth").asInt()).isEqualTo(3);
    }

    private JsonNode problem(String query) throws Exception {
        HttpResponse<String> response = client.postBody(query, "image/png", RED);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode problem = json(response);
        assertThat(problem.path("type").asString()).isEqualTo("urn:captioner:problem:invalid-parameter");
        return problem;
    }
}
