package io.captioner.compat;

import static io.captioner.Client.json;
import static io.captioner.compat.JsonClient.BLUE;
import static io.captioner.compat.JsonClient.RED;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The requests of real programs with all members that they send, and what these programs read of the answers. */
@CompatTest
class ReplayedRequestsTests {
    private final JsonClient client;

    ReplayedRequestsTests(@Autowired Environment environment) {
        this.client = new JsonClient(environment);
    }

    /** LLM Vision (Home Assistant), provider Ollama: the prompt is an empty tuple, the pictures are at both places. */
    @Test
    void llmVisionOverOllama() throws Exception {
        JsonNode answer = client.ok(
                "/api/chat",
                "{'model': 'captioner', 'messages': [{'role': 'user', 'content': 'Image 1:', 'images': ['%s']}, {'role': 'user', 'content': 'Describe what you see.'}], 'stream': false, 'keep_alive': 5, 'think': false, 'options': {'num_predict': 1000, 'temperature': 0.2, 'num_ctx': 4096}, 'prompt': [], 'system': 'Your task is to describe images.', 'images': []}"
                        .formatted(RED));

        assertThat(answer.at("/message/content").asString()).isEqualTo("A red picture");
        // Then it asks for a title, without pictures.
        assertThat(client.ok(
                                "/api/chat",
                                "{'model': 'captioner', 'messages': [{'role': 'user', 'content': 'Provide a title for this event: A red picture'}], 'stream': false, 'options': {'num_predict': 1000, 'temperature': 0.2}, 'prompt': []}")
                        .at("/message/content")
                        .asString())
                .isNotBlank();
    }

    /** LLM Vision, provider OpenAI-compatible: it validates with a greeting, and shows {@code error.message}. */
    @Test
    void llmVisionOverOpenAi() throws Exception {
        assertThat(client.ok(
                                "/v1/chat/completions",
                                "{'model': 'captioner', 'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'Hi'}]}], 'max_tokens': 1, 'temperature': 0.5}")
                        .at("/choices/0/message/content")
                        .asString())
                .isNotBlank();
        assertThat(client.ok(
                                "/v1/chat/completions",
                                "{'model': 'captioner', 'messages': [{'role': 'system', 'content': 'x'}, {'role': 'user', 'content': [{'type': 'text', 'text': 'Image 1:'}, {'type': 'image_url', 'image_url': {'url': 'data:image/jpeg;base64,%s'}}, {'type': 'text', 'text': 'Image 2:'}, {'type': 'image_url', 'image_url': {'url': 'data:image/jpeg;base64,%s'}}, {'type': 'text', 'text': 'Describe.'}]}], 'max_completion_tokens': 3000, 'temperature': 0.2, 'top_p': 0.9}"
                                        .formatted(RED, BLUE))
                        .at("/choices/0/message/content")
                        .asString())
                .isEqualTo("A red picture\nA blue picture");
        HttpResponse<String> broken = client.post(
                "/v1/chat/completions",
                "{'model': 'captioner', 'messages': [{'role': 'user', 'content': [{'type': 'image_url', 'image_url': {'url': 'data:image/jpeg;base64,%%%'}}]}]}");
        assertThat(json(broken).at("/error/message").asString()).isNotBlank();
    }

    /** Home Assistant, Ollama integration, AI task with a structure: it streams, and parses the whole text as JSON. */
    @Test
    void homeAssistant() throws Exception {
        assertThat(json(client.get("/api/tags"))
                        .path("models")
                        .valueStream()
                        .map(model -> model.path("model").asString()))
                .contains("captioner:latest");
        HttpResponse<String> response = client.post(
                "/api/chat",
                "{'model': 'captioner:latest', 'messages': [{'role': 'system', 'content': 'You are a voice assistant.'}, {'role': 'user', 'content': 'What is at the door?', 'images': ['%s']}], 'tools': [], 'stream': true, 'keep_alive': '-1s', 'think': false, 'options': {'num_ctx': 8192}, 'format': {'type': 'object', 'properties': {'description': {'type': 'string', 'description': 'What is seen'}}, 'required': ['description']}}"
                        .formatted(RED));
        StringBuilder text = new StringBuilder();
        List<JsonNode> lines = JsonClient.lines(response);
        lines.forEach(line -> text.append(line.at("/message/content").asString()));

        assertThat(lines.get(0).at("/message/role").asString()).isEqualTo("assistant");
        assertThat(lines.get(lines.size() - 1).path("done").asBoolean()).isTrue();
        assertThat(JsonMapper.shared()
                        .readTree(text.toString())
                        .path("description")
                        .asString())
                .isEqualTo("A red picture");
    }

    /** PhotoPrism, engine Ollama: it keeps the last document of the body only. */
    @Test
    void photoPrism() throws Exception {
        HttpResponse<String> response = client.post(
                "/api/generate",
                "{'id': '7f1c9d52-3a53-4ea1-a6ad-6d9d4e0a1c11', 'model': 'captioner:latest', 'suffix': '', 'format': '', 'prompt': 'Write a caption.', 'images': ['%s'], 'stream': false, 'options': {'temperature': 0.1, 'top_p': 0.9}}"
                        .formatted(RED));
        List<JsonNode> documents = JsonClient.lines(response);

        assertThat(documents.get(documents.size() - 1).path("response").asString())
                .isEqualTo("A red picture");
    }

    /** WordPress ClassifAI, Ollama multimodal: it accepts known names only, without their tags. */
    @Test
    void classifAiOverOllama() throws Exception {
        List<String> known =
                List.of("llava", "bakllava", "llama3.2-vision", "llava-llama3", "moondream", "minicpm-v", "llava-phi3");
        String name = json(client.get("/api/tags"))
                .path("models")
                .valueStream()
                .map(model -> model.path("model").asString())
                .filter(model -> known.contains(model.split(":")[0]))
                .findFirst()
                .orElseThrow();

        assertThat(client.ok(
                                "/api/generate",
                                "{'model': '%s', 'stream': false, 'prompt': 'Describe this image.', 'images': ['%s']}"
                                        .formatted(name, RED))
                        .path("response")
                        .asString())
                .isEqualTo("A red picture");
    }

    /** Nextcloud, OpenAI and LocalAI integration: the list must not be empty, and each entry must have an id. */
    @Test
    void nextcloud() throws Exception {
        JsonNode models = json(client.get("/v1/models", "Authorization", "Bearer key", "User-Agent", "Nextcloud"))
                .path("data");
        assertThat(models.isEmpty()).isFalse();
        assertThat(models.valueStream().allMatch(model -> model.path("id").isString()))
                .isTrue();

        assertThat(client.ok(
                                "/v1/chat/completions",
                                "{'model': 'captioner', 'messages': [{'role': 'system', 'content': 'Take the user question and answer based only on the context provided in all images.'}, {'role': 'user', 'content': [{'type': 'image_url', 'image_url': {'url': 'data:image/png;base64,%s'}}]}, {'role': 'user', 'content': 'What is this?'}], 'n': 1, 'user': 'admin', 'max_tokens': 1000}"
                                        .formatted(BLUE))
                        .at("/choices/0/message/content")
                        .asString())
                .isEqualTo("A blue picture");
    }
}
