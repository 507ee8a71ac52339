package io.captioner.compat;

import static io.captioner.compat.JsonClient.RED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.Permit;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.ollama.OllamaChatModel;
import org.springframework.ai.ollama.api.OllamaApi;
import org.springframework.ai.ollama.api.OllamaChatOptions;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.util.MimeTypeUtils;

/** Spring AI's own clients of OpenAI and Ollama. */
@CompatTest
class SpringAiTests {
    private static final String NO_PICTURE = "bm90IGEgcGljdHVyZSBhdCBhbGwhISEhISEhISEhISEhISE=";

    private final ChatModel openAi;
    private final ChatModel ollama;
    private final Admission admission;

    SpringAiTests(@Autowired Environment environment, @Autowired Admission admission) {
        String root = "http://localhost:" + Objects.requireNonNull(environment.getProperty("local.server.port"));
        this.openAi = openAi(root, "none");
        this.ollama = ollama(root);
        this.admission = admission;
    }

    static ChatModel openAi(String root, String key) {
        return OpenAiChatModel.builder()
                .options(OpenAiChatOptions.builder()
                        .baseUrl(root + "/v1")
                        .apiKey(key)
                        .model("captioner")
                        .maxRetries(0)
                        .build())
                .build();
    }

    static ChatModel ollama(String root) {
        return OllamaChatModel.builder()
                .ollamaApi(OllamaApi.builder().baseUrl(root).build())
                .options(OllamaChatOptions.builder().model("captioner").build())
                .retryTemplate(new RetryTemplate(RetryPolicy.withMaxRetries(0)))
                .build();
    }

    @Test
    void bothDescribeAPhoto() {
        for (ChatModel model : List.of(openAi, ollama)) {
            ChatResponse response = model.call(photo(RED));

            assertThat(text(response)).isEqualTo("A red picture");
            assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(3);
        }
    }

    @Test
    void bothReceiveItWordByWord() {
        for (ChatModel model : List.of(openAi, ollama)) {
            List<String> pieces =
                    model.stream(photo(RED)).collectList().blockOptional(Duration.ofSeconds(30)).orElseThrow().stream()
                            .map(SpringAiTests::text)
                            .toList();

            assertThat(String.join("", pieces)).isEqualTo("A red picture");
            assertThat(pieces).contains("A", " red", " picture");
        }
    }

    @Test
    void bothUnderstandARefusedPicture() {
        assertThatThrownBy(() -> openAi.call(photo(NO_PICTURE)))
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        refused -> assertThat(refused.statusCode()).isEqualTo(415))
                .hasMessageContaining("picture");
        assertThatThrownBy(() -> ollama.call(photo(NO_PICTURE)))
                .isInstanceOf(NonTransientAiException.class)
                .hasMessageContaining("415");
    }

    @Test
    void bothUnderstandAFullServiceAndTheWait() {
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never())) {
            assertThatThrownBy(() -> openAi.call(photo(RED)))
                    .isInstanceOfSatisfying(
                            RateLimitException.class,
                            full -> assertThat(full.headers().values("Retry-After"))
                                    .hasSize(1));
            assertThatThrownBy(() -> ollama.call(photo(RED))).hasMessageContaining("429");
        }
    }

    static Prompt photo(String base64) {
        return new Prompt(UserMessage.builder()
                .text("What is this?")
                .media(Media.builder()
                        .mimeType(MimeTypeUtils.IMAGE_PNG)
                        .data(Base64.getDecoder().decode(base64))
                        .build())
                .build());
    }

    static String text(ChatResponse response) {
        if (response.getResult() == null) {
            return "";
        }
        return Objects.requireNonNullElse(response.getResult().getOutput().getText(), "");
    }
}
