package io.captioner.compat.openai;

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
import java.util.ArrayList;
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
class OpenAiTests {
    private static final String CHAT = "/v1/chat/completions";
    private static final String RESPONSES = "/v1/responses";
    private static final String DATA = "data:image/png;base64,";

    private final JsonClient client;
    private final FakeCaptionModel model;
    private final Admission admission;

    OpenAiTests(@Autowired Environment environment, @Autowired FakeCaptionModel model, @Autowired Admission admission) {
        this.client = new JsonClient(environment);
        this.model = model;
        this.admission = admission;
    }

    @Test
    void theModelsAreListedAndDescribed() throws Exception {
        JsonNode list = json(client.get("/v1/models"));

        assertThat(list.path("object").asString()).isEqualTo("list");
        assertThat(list.path("data").valueStream().map(entry -> entry.path("id").asString()))
                .containsExactly("captioner", "blind", "colours");
        JsonNode one = json(client.get("/v1/models/captioner"));
        assertThat(one.path("object").asString()).isEqualTo("model");
        assertThat(one.path("created").asLong()).isPositive();
        HttpResponse<String> unknown = client.get("/v1/models/gpt-9");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(json(unknown).at("/error/code").asString()).isEqualTo("model_not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'url': '%s', 'detail': 'low'}", "'%s'"})
    void aPhotoIsDescribed(String image) throws Exception {
        JsonNode answer = client.ok(CHAT, chat("'logprobs': true, 'top_logprobs': 0", image.formatted(DATA + RED)));

        assertThat(answer.path("id").asString()).startsWith("chatcmpl-");
        assertThat(answer.path("object").asString()).isEqualTo("chat.completion");
        assertThat(answer.path("model").asString()).isEqualTo("captioner");
        assertThat(answer.path("system_fingerprint").asString()).matches("[0-9a-f]{12}");
        assertThat(answer.path("choices")).hasSize(1);
        JsonNode choice = answer.at("/choices/0");
        assertThat(choice.at("/message/role").asString()).isEqualTo("assistant");
        assertThat(choice.at("/message/content").asString()).isEqualTo("A red picture");
        assertThat(choice.at("/message/refusal").isNull()).isTrue();
        assertThat(choice.path("finish_reason").asString()).isEqualTo("stop");
        JsonNode token = choice.at("/logprobs/content/1");
        assertThat(token.path("token").asString()).isEqualTo("red");
        assertThat(token.path("logprob").asDouble()).isCloseTo(Math.log(0.25), within(1e-5));
        assertThat(token.path("bytes").toString()).isEqualTo("[114,101,100]");
        assertThat(token.path("top_logprobs").isArray()).isTrue();
        assertThat(answer.path("usage").toString())
                .isEqualTo("{\"prompt_tokens\":1,\"completion_tokens\":3,\"total_tokens\":4}");
        assertThat(answer.at("/captioner/images/0/confidence").asDouble()).isBetween(0.1, 0.9);
    }

    @Test
    void theMostProbableWordsComeWithTheSameCaptionInOneChoice() throws Exception {
        JsonNode answer = client.ok(CHAT, chat("'logprobs': true, 'top_logprobs': 5", "'" + DATA + RED + "'"));

        assertThat(answer.path("choices")).hasSize(1);
        assertThat(answer.at("/choices/0/message/content").asString()).isEqualTo("A red picture");
        assertThat(answer.at("/choices/0/logprobs/content/1/top_logprobs/0/token")
                        .asString())
                .isEqualTo("red");
        assertThat(answer.at("/choices/0/logprobs/content/1/top_logprobs/0/logprob")
                        .asDouble())
                .isCloseTo(Math.log(0.25), within(1e-5));
    }

    @Test
    void severalPhotosAreALineEachAndTheLastMessageWithSomeCounts() throws Exception {
        JsonNode answer = client.ok(
                CHAT,
                "{'model': 'colours', 'messages': [{'role': 'user', 'content': [%s]}, {'role': 'user', 'content': [{'type': 'text', 'text': 'Image 1:'}, %s, %s]}, {'role': 'user', 'content': 'And?'}]}"
                        .formatted(part(RED), part(BLUE), part(BLACK)));

        assertThat(answer.at("/choices/0/message/content").asString())
                .isEqualTo("A blue picture\nI found no words for this picture.");
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(2);
    }

    @Test
    void alternativesAreChoicesAndASeedSamples() throws Exception {
        JsonNode answer = client.ok(CHAT, chat("'n': 4, 'temperature': 0.2", "'" + DATA + RED + "'"));
        assertThat(answer.path("choices")
                        .valueStream()
                        .map(choice -> choice.at("/message/content").asString()))
                .containsExactly(
                        "A red picture",
                        "A red picture again",
                        "A red picture again again",
                        "A red picture again again again");
        assertThat(answer.path("choices")
                        .valueStream()
                        .map(choice -> choice.path("index").asInt()))
                .containsExactly(0, 1, 2, 3);
        assertThat(model.asked()).contains(new DecodeOptions(4, FakeCaptionModel.MAX_WORDS, 0.5f));

        client.ok(CHAT, chat("'n': 2, 'temperature': 9, 'top_p': 0.5, 'seed': 4294967295", "'" + DATA + RED + "'"));
        assertThat(model.asked())
                .contains(new DecodeOptions(
                        2, FakeCaptionModel.MAX_WORDS, 0.5f, 0, new DecodeOptions.Sampling(5, 0, 0.5f, -1)));
    }

    @Test
    void aLimitOnTokensCutsTheCaptionAndSaysSo() throws Exception {
        for (String limit : List.of("'max_tokens': 2", "'max_completion_tokens': 2")) {
            JsonNode choice =
                    client.ok(CHAT, chat(limit, "'" + DATA + RED + "'")).at("/choices/0");
            assertThat(choice.at("/message/content").asString()).isEqualTo("A red");
            assertThat(choice.path("finish_reason").asString()).isEqualTo("length");
        }
        assertThat(client.ok(CHAT, chat("'max_tokens': 3000", "'" + DATA + RED + "'"))
                        .at("/choices/0/finish_reason")
                        .asString())
                .isEqualTo("stop");
    }

    @Test
    void aStreamHasAWordAnEventThenTheUsageAndItsEnd() throws Exception {
        HttpResponse<String> response = client.post(
                CHAT, chat("'stream': true, 'stream_options': {'include_usage': true}", "'" + DATA + RED + "'"));

        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        List<String> events = List.of(response.body().split("\n\n"));
        assertThat(events.get(events.size() - 1)).isEqualTo("data: [DONE]");
        List<JsonNode> chunks = new ArrayList<>();
        for (String event : events.subList(0, events.size() - 1)) {
            assertThat(event).startsWith("data: {");
            chunks.add(JsonMapper.shared().readTree(event.substring("data: ".length())));
        }
        assertThat(chunks.stream().map(chunk -> chunk.path("object").asString()).distinct())
                .containsExactly("chat.completion.chunk");
        assertThat(chunks.stream().map(chunk -> chunk.path("id").asString()).distinct())
                .hasSize(1);
        assertThat(chunks.stream()
                        .map(chunk -> chunk.at("/choices/0/delta/content").asString(""))
                        .collect(Collectors.joining()))
                .isEqualTo("A red picture");
        assertThat(chunks.get(0).at("/choices/0/delta/role").asString()).isEqualTo("assistant");
        assertThat(chunks.get(0).at("/choices/0/finish_reason").isNull()).isTrue();
        assertThat(chunks.get(3).at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(chunks.get(4).path("choices").isEmpty()).isTrue();
        assertThat(chunks.get(4).at("/usage/completion_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void aPromptWithoutPictureGetsASentence() throws Exception {
        JsonNode answer = client.ok(
                CHAT, "{'model': 'captioner', 'messages': [{'role': 'user', 'content': 'Hi'}], 'max_tokens': 1}");

        assertThat(answer.at("/choices/0/message/content").asString())
                .isEqualTo("I only describe pictures: attach one.");
        assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(answer.path("system_fingerprint").isNull()).isTrue();
    }

    @Test
    void aSchemaIsAnsweredWithItsTexts() throws Exception {
        String schema =
                "{'type': 'object', 'properties': {'title': {'type': 'string'}, 'note': {'type': ['string', 'null']}}, 'required': ['title', 'note']}";
        JsonNode answer = client.ok(
                CHAT,
                chat(
                        "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'x', 'schema': %s}}"
                                .formatted(schema),
                        "'" + DATA + RED + "'"));

        assertThat(answer.at("/choices/0/message/content").asString())
                .isEqualTo("{\"title\":\"A red picture\",\"note\":\"A red picture\"}");
        assertThat(client.ok(CHAT, chat("'response_format': {'type': 'json_object'}", "'" + DATA + RED + "'"))
                        .at("/choices/0/message/content")
                        .asString())
                .isEqualTo("{\"caption\":\"A red picture\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type': 'image_url', 'image_url': 'data:image/png;base64,%%%'} | 400 | unreadable_image",
                "{'type': 'image_url', 'image_url': {}} | 400 | invalid_parameter",
                "{'type': 'input_image', 'file_id': 'f'} | 400 | invalid_parameter",
                "{'type': 'image_url', 'image_url': 'data:image/png;base64,aGVsbG8gd29ybGQsIHRoaXMgaXMgbm8gcGljdHVyZSE='} | 415 | not_an_image"
            })
    void whatCannotBeReadIsRefusedInOpenAisForm(String part, int status, String code) throws Exception {
        HttpResponse<String> response =
                client.post(CHAT, "{'messages': [{'role': 'user', 'content': [%s]}]}".formatted(part));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = json(response).path("error");
        assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
        assertThat(error.path("message").asString()).isNotBlank();
        assertThat(error.path("type").asString()).isEqualTo("invalid_request_error");
        assertThat(error.path("code").asString()).isEqualTo(code);
    }

    @Test
    void anUnknownModelAndAnUnknownPathAreNotFound() throws Exception {
        JsonNode model =
                json(client.post(CHAT, "{'model': 'gpt-9', 'messages': []}")).path("error");
        JsonNode path = json(client.post("/v1/embeddings", "{}")).path("error");

        assertThat(model.path("code").asString()).isEqualTo("model_not_found");
        assertThat(model.path("type").asString()).isEqualTo("not_found_error");
        assertThat(path.path("code").asString()).isEqualTo("not_found");
    }

    @Test
    void aFullServiceRefusesWithTheWait() throws Exception {
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never())) {
            for (String path : List.of(CHAT, RESPONSES)) {
                HttpResponse<String> response = client.post(path, "{}");
                assertThat(response.statusCode()).isEqualTo(429);
                assertThat(json(response).at("/error/type").asString()).isEqualTo("rate_limit_error");
                assertThat(response.headers().firstValue("Retry-After")).isPresent();
            }
        }
    }

    @Test
    void aResponseDescribesTheInputImage() throws Exception {
        JsonNode response = client.ok(RESPONSES, "{'model': 'captioner', 'input': [%s]}".formatted(input(RED)));

        assertThat(response.path("object").asString()).isEqualTo("response");
        assertThat(response.path("status").asString()).isEqualTo("completed");
        assertThat(response.at("/output/0/type").asString()).isEqualTo("message");
        assertThat(response.at("/output/0/content/0/type").asString()).isEqualTo("output_text");
        assertThat(response.at("/output/0/content/0/text").asString()).isEqualTo("A red picture");
        assertThat(response.at("/output/0/content/0/annotations").isArray()).isTrue();
        assertThat(response.at("/usage/output_tokens").asInt()).isEqualTo(3);
        assertThat(client.ok(RESPONSES, "{'input': 'Hi'}")
                        .at("/output/0/content/0/text")
                        .asString())
                .isEqualTo("I only describe pictures: attach one.");
    }

    @Test
    void aResponseIsStreamedAsNumberedEvents() throws Exception {
        HttpResponse<String> response =
                client.post(RESPONSES, "{'stream': true, 'input': [%s]}".formatted(input(BLUE)));

        List<String> names = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (String event : response.body().split("\n\n")) {
            String[] lines = event.split("\n");
            names.add(lines[0].substring("event: ".length()));
            JsonNode data = JsonMapper.shared().readTree(lines[1].substring("data: ".length()));
            assertThat(data.path("type").asString()).isEqualTo(names.get(number));
            assertThat(data.path("sequence_number").asInt()).isEqualTo(number++);
            if (names.get(number - 1).equals("response.output_text.delta")) {
                text.append(data.path("delta").asString());
            }
        }
        assertThat(text).hasToString("A blue picture");
        assertThat(names)
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
    }

    @Test
    void aResponseIsCutByItsLimitAndFitsItsSchema() throws Exception {
        JsonNode cut = client.ok(RESPONSES, "{'max_output_tokens': 2, 'input': [%s]}".formatted(input(RED)));
        assertThat(cut.path("status").asString()).isEqualTo("incomplete");
        assertThat(cut.at("/incomplete_details/reason").asString()).isEqualTo("max_output_tokens");
        JsonNode fitting = client.ok(
                RESPONSES,
                "{'input': [%s], 'text': {'format': {'type': 'json_schema', 'name': 'x', 'schema': {'type': 'object', 'properties': {'alt': {'type': 'string'}}}}}}"
                        .formatted(input(RED)));
        assertThat(fitting.at("/output/0/content/0/text").asString()).isEqualTo("{\"alt\":\"A red picture\"}");
    }

    private static String chat(String options, String image) {
        return "{'model': 'captioner', %s, 'messages': [{'role': 'system', 'content': 'Be brief.'}, {'role': 'user', 'content': [{'type': 'text', 'text': 'What?'}, {'type': 'image_url', 'image_url': %s}]}]}"
                .formatted(options, image);
    }

    private static String part(String base64) {
        return "{'type': 'image_url', 'image_url': {'url': '%s'}}".formatted(DATA + base64);
    }

    private static String input(String base64) {
        return "{'role': 'user', 'content': [{'type': 'input_text', 'text': 'What?'}, {'type': 'input_image', 'image_url': '%s', 'detail': 'auto'}]}"
                .formatted(DATA + base64);
    }
}
