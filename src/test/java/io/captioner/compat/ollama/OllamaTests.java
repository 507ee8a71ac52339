package io.captioner.compat.ollama;

import static io.captioner.Client.json;
import static io.captioner.compat.JsonClient.BLACK;
import static io.captioner.compat.JsonClient.BLUE;
import static io.captioner.compat.JsonClient.RED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.FakeCaptionModel;
import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.Permit;
import io.captioner.compat.CompatTest;
import io.captioner.compat.JsonClient;
import io.captioner.model.DecodeOptions;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@CompatTest
class OllamaTests {
    private static final String NO_PICTURE = "I only describe pictures: attach one.";

    private final JsonClient client;
    private final FakeCaptionModel model;
    private final Admission admission;

    OllamaTests(@Autowired Environment environment, @Autowired FakeCaptionModel model, @Autowired Admission admission) {
        this.client = new JsonClient(environment);
        this.model = model;
        this.admission = admission;
    }

    @Test
    void programsRecogniseItAtTheRootAndBrowsersGetThePage() throws Exception {
        assertThat(client.get("/").body()).isEqualTo("Ollama is running");
        assertThat(client.get("/", "Accept", "application/json").statusCode()).isEqualTo(200);
        assertThat(client.send("HEAD", "/").statusCode()).isEqualTo(200);
        HttpResponse<String> page = client.get("/", "Accept", "text/html,*/*;q=0.8");
        assertThat(page.body()).contains("<title>Captioner</title>");
    }

    @Test
    void theModelsAreListedUnderTheirNamesAndAliases() throws Exception {
        assertThat(json(client.get("/api/version")).path("version").asString()).matches("\\d+\\.\\d+\\.\\d+");
        JsonNode models = json(client.get("/api/tags")).path("models");

        assertThat(models.valueStream().map(model -> model.path("name").asString()))
                .containsExactly("captioner:latest", "moondream:latest", "blind:latest", "colours:latest");
        JsonNode first = models.get(0);
        assertThat(first.path("model").asString()).isEqualTo("captioner:latest");
        assertThat(first.path("digest").asString()).matches("[0-9a-f]{64}");
        assertThat(Instant.parse(first.path("modified_at").asString())).isBefore(Instant.now());
        assertThat(first.at("/details/family").asString()).isEqualTo("colours");
        assertThat(first.path("capabilities").valueStream().map(JsonNode::asString))
                .containsExactly("completion", "vision");
        JsonNode running = json(client.get("/api/ps")).path("models");
        assertThat(running).hasSize(4);
        assertThat(running.get(0).path("context_length").asInt()).isEqualTo(FakeCaptionModel.MAX_WORDS);
        assertThat(Instant.parse(running.get(0).path("expires_at").asString())).isAfter(Instant.now());
    }

    @ParameterizedTest
    @ValueSource(strings = {"captioner", "captioner:latest", "moondream", "moondream:1.8b", "colours"})
    void aModelIsDescribedByAnyOfItsNames(String name) throws Exception {
        JsonNode shown = client.ok("/api/show", "{'model': '%s'}".formatted(name));

        assertThat(shown.at("/model_info/general.name").asString()).isEqualTo("colours");
        assertThat(shown.path("capabilities").valueStream().map(JsonNode::asString))
                .contains("vision");
        assertThat(shown.has("details")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"/api/show", "/api/pull", "/api/generate", "/api/chat"})
    void anUnknownModelIsNotFound(String path) throws Exception {
        HttpResponse<String> response = client.post(path, "{'model': 'llava', 'images': ['%s']}".formatted(RED));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(json(response).path("error").asString()).startsWith("model 'llava' not found");
    }

    @Test
    void aPullOfAModelThatIsThereSucceeds() throws Exception {
        assertThat(client.ok("/api/pull", "{'model': 'captioner', 'stream': false}")
                        .path("status")
                        .asString())
                .isEqualTo("success");
        List<JsonNode> lines = JsonClient.lines(client.post("/api/pull", "{'name': 'captioner:latest'}"));
        assertThat(lines.get(lines.size() - 1).path("status").asString()).isEqualTo("success");
    }

    @Test
    void aPhotoIsDescribedInOneAnswer() throws Exception {
        JsonNode answer = client.ok(
                "/api/generate",
                "{'model': 'captioner', 'prompt': 'Describe.', 'images': ['%s'], 'stream': false, 'logprobs': true}"
                        .formatted(RED));

        assertThat(answer.path("model").asString()).isEqualTo("captioner:latest");
        assertThat(answer.path("response").asString()).isEqualTo("A red picture");
        assertThat(answer.path("done").asBoolean()).isTrue();
        assertThat(answer.path("done_reason").asString()).isEqualTo("stop");
        assertThat(answer.path("eval_count").asInt()).isEqualTo(3);
        assertThat(answer.path("prompt_eval_count").asInt()).isEqualTo(1);
        for (String time : List.of("total_duration", "load_duration", "prompt_eval_duration", "eval_duration")) {
            assertThat(answer.path(time).isIntegralNumber()).as(time).isTrue();
        }
        assertThat(answer.path("total_duration").asLong()).isPositive();
        Instant created = Instant.parse(answer.path("created_at").asString());
        assertThat(created).isBefore(Instant.now());
        assertThat(answer.path("logprobs")
                        .valueStream()
                        .map(word -> word.path("token").asString()))
                .containsExactly("a", "red", "picture");
        assertThat(answer.at("/logprobs/0/logprob").asDouble()).isCloseTo(Math.log(0.5), within(1e-5));
        assertThat(answer.at("/captioner/images/0/words/1/word").asString()).isEqualTo("red");
        assertThat(answer.at("/captioner/images/0/width").asInt()).isEqualTo(40);
        assertThat(answer.at("/captioner/images/0/words/0/box").has("x")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'stream': true,"})
    void theAnswerComesWordByWordUnlessOneIsWanted(String stream) throws Exception {
        HttpResponse<String> response = client.post(
                "/api/chat",
                "{%s 'model': 'captioner', 'messages': [{'role': 'user', 'content': 'What?', 'images': ['%s']}]}"
                        .formatted(stream, BLUE));

        assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        List<JsonNode> lines = JsonClient.lines(response);
        assertThat(lines.stream().map(line -> line.at("/message/content").asString()))
                .containsExactly("A", " blue", " picture", "");
        assertThat(lines.stream()
                        .map(line -> line.at("/message/role").asString())
                        .distinct())
                .containsExactly("assistant");
        assertThat(lines.stream().map(line -> line.path("done").asBoolean()))
                .containsExactly(false, false, false, true);
        assertThat(lines.get(3).path("eval_count").asInt()).isEqualTo(3);
        assertThat(lines.get(0).has("done_reason")).isFalse();
    }

    @Test
    void thePicturesAreThoseOfTheLastMessageThatHasSome() throws Exception {
        JsonNode answer = client.ok(
                "/api/chat",
                "{'stream': false, 'messages': [{'role': 'user', 'images': ['%s']}, {'role': 'assistant', 'content': 'x'}, {'role': 'user', 'images': ['%s', '%s']}, {'role': 'user', 'content': 'And?'}]}"
                        .formatted(RED, BLUE, RED));

        assertThat(answer.at("/message/content").asString()).isEqualTo("A blue picture\nA red picture");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model': 'captioner', 'stream': false, 'messages': [{'role': 'user', 'content': 'Hi'}]}",
                "{'model': 'captioner', 'stream': false, 'prompt': [], 'messages': [{'role': 'user', 'content': 'A title, please', 'images': []}]}"
            })
    void aPromptWithoutPictureGetsASentence(String body) throws Exception {
        JsonNode answer = client.ok("/api/chat", body);

        assertThat(answer.at("/message/content").asString()).isEqualTo(NO_PICTURE);
        assertThat(answer.path("done").asBoolean()).isTrue();
    }

    @Test
    void aRequestWithoutPromptLoadsTheModel() throws Exception {
        JsonNode answer = client.ok("/api/generate", "{'model': 'captioner', 'stream': false}");

        assertThat(answer.path("done_reason").asString()).isEqualTo("load");
        assertThat(answer.path("response").asString()).isEmpty();
    }

    @Test
    void aPictureWithoutWordsIsASentenceToo() throws Exception {
        JsonNode one = client.ok("/api/generate", "{'stream': false, 'images': ['%s']}".formatted(BLACK));
        JsonNode several =
                client.ok("/api/generate", "{'stream': false, 'images': ['%s', '%s']}".formatted(BLACK, RED));

        assertThat(one.path("response").asString()).isEqualTo("I found no words for this picture.");
        assertThat(one.path("eval_count").asInt()).isZero();
        assertThat(several.path("response").asString()).isEqualTo("I found no words for this picture.\nA red picture");
    }

    @Test
    void aSchemaIsAnsweredWithItsTexts() throws Exception {
        JsonNode answer = client.ok(
                "/api/chat",
                "{'stream': false, 'messages': [{'role': 'user', 'images': ['%s']}], 'format': {'type': 'object', 'properties': {'summary': {'type': 'string'}, 'score': {'type': 'integer'}}, 'required': ['summary']}}"
                        .formatted(RED));
        JsonNode text =
                JsonMapper.shared().readTree(answer.at("/message/content").asString());

        assertThat(text.toString()).isEqualTo("{\"summary\":\"A red picture\"}");
        assertThat(client.ok("/api/generate", "{'stream': false, 'format': 'json', 'images': ['%s']}".formatted(RED))
                        .path("response")
                        .asString())
                .isEqualTo("{\"caption\":\"A red picture\"}");
        HttpResponse<String> refused = client.post(
                "/api/chat",
                "{'messages': [{'role': 'user', 'images': ['%s']}], 'format': {'type': 'object', 'properties': {'count': {'type': 'integer'}}, 'required': ['count']}}"
                        .formatted(RED));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).path("error").asString()).contains("'count'", "string");
    }

    @Test
    void aTemperatureAloneChangesNothingAndASeedSamples() throws Exception {
        client.ok(
                "/api/generate",
                "{'stream': false, 'images': ['%s'], 'options': {'temperature': 0.2, 'top_p': 0.9, 'num_ctx': 4096}}"
                        .formatted(RED));
        assertThat(model.asked()).contains(new DecodeOptions(3, FakeCaptionModel.MAX_WORDS, 0.5f));
        client.ok(
                "/api/generate",
                "{'stream': false, 'images': ['%s'], 'options': {'temperature': 0.7, 'top_k': 40, 'top_p': 0.9, 'seed': 11}}"
                        .formatted(RED));

        assertThat(model.asked())
                .contains(new DecodeOptions(
                        1, FakeCaptionModel.MAX_WORDS, 0.5f, 0, new DecodeOptions.Sampling(0.7f, 40, 0.9f, 11)));
    }

    @Test
    void aLimitOnWordsCutsTheAnswerAndSaysSo() throws Exception {
        JsonNode answer = client.ok(
                "/api/generate", "{'stream': false, 'images': ['%s'], 'options': {'num_predict': 2}}".formatted(RED));
        JsonNode unlimited = client.ok(
                "/api/generate", "{'stream': false, 'images': ['%s'], 'options': {'num_predict': -1}}".formatted(RED));

        assertThat(answer.path("response").asString()).isEqualTo("A red");
        assertThat(answer.path("done_reason").asString()).isEqualTo("length");
        assertThat(unlimited.path("done_reason").asString()).isEqualTo("stop");
    }

    @Test
    void base64MayHaveLineEndsADataUriAndTheAlphabetOfUrls() throws Exception {
        String lines = RED.replaceAll("(.{20})", "$1\\\\r\\\\n");
        String url = "data:image/png;base64,"
                + RED.replace('+', '-').replace('/', '_').replace("=", "");
        for (String image : List.of(lines, url, "DATA:image/png;charset=x;BASE64," + RED)) {
            assertThat(client.ok("/api/generate", "{'stream': false, 'images': ['%s']}".formatted(image))
                            .path("response")
                            .asString())
                    .isEqualTo("A red picture");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'images': ['%%%']} | 400 | not base64",
                "{'images': ['data:image/png,xyz']} | 400 | data URI",
                "{'images': ['']} | 400 | no bytes",
                "{'images': [7]} | 400 | base64 texts",
                "{'images': ['aGVsbG8gd29ybGQsIHRoaXMgaXMgbm8gcGljdHVyZSBhdCBhbGwu']} | 415 | picture",
                "{'images': ['https://example.org/a.jpg']} | 400 | no URL is fetched",
                "{'images': | 400 | not JSON",
                "[] | 400 | an object of JSON"
            })
    void whatCannotBeReadIsRefusedWithAReason(String body, int status, String reason) throws Exception {
        HttpResponse<String> response = client.post("/api/generate", body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).propertyNames()).containsExactly("error");
        assertThat(json(response).path("error").asString()).contains(reason);
    }

    @Test
    void theLimitOnBytesHoldsBeforeTheBodyIsParsed() throws Exception {
        String large = "x".repeat(1_600_000);
        HttpResponse<String> body = client.post("/api/generate", "{'images': ['" + large);
        String photo = "A".repeat(400_000);
        HttpResponse<String> image = client.post("/api/generate", "{'images': ['" + photo + "']}");

        assertThat(body.statusCode()).isEqualTo(413);
        assertThat(json(body).path("error").asString()).contains("body of JSON");
        assertThat(image.statusCode()).isEqualTo(413);
        assertThat(json(image).path("error").asString()).contains("204800 bytes");
    }

    @Test
    void aFullServiceRefusesBeforeTheBodyWithTheWait() throws Exception {
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never())) {
            HttpResponse<String> response = client.post("/api/chat", "{'messages': []}");

            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(json(response).path("error").asString()).contains("Retry-After");
            assertThat(Integer.parseInt(
                            response.headers().firstValue("Retry-After").orElse("")))
                    .isPositive();
            assertThat(client.get("/api/tags").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void otherPathsAndMethodsHaveErrorsOfTheSameForm() throws Exception {
        for (HttpResponse<String> response : List.of(
                client.post("/api/embed", "{}"), client.send("DELETE", "/api/chat"), client.get("/api/%63hat"))) {
            assertThat(response.statusCode()).isIn(404, 405);
            assertThat(json(response).propertyNames()).containsExactly("error");
        }
    }

    @Test
    void requestsAreCountedUnderTheirProtocol(@Autowired io.micrometer.core.instrument.MeterRegistry meters)
            throws Exception {
        client.ok("/api/generate", "{'stream': false, 'images': ['%s']}".formatted(RED));

        assertThat(meters.get("captioner.request")
                        .tags("protocol", "ollama", "outcome", "ok")
                        .timer()
                        .count())
                .isPositive();
    }

    @Test
    void theWordsOfAStreamTogetherAreTheAnswer() throws Exception {
        String streamed =
                JsonClient.lines(client.post("/api/generate", "{'images': ['%s', '%s']}".formatted(RED, BLUE))).stream()
                        .map(line -> line.path("response").asString())
                        .collect(Collectors.joining());

        assertThat(streamed).isEqualTo("A red picture\nA blue picture");
    }
}
