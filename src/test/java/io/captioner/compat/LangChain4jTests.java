package io.captioner.compat;

import static io.captioner.compat.JsonClient.RED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.Permit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

/** LangChain4j's own clients of OpenAI and Ollama. */
@CompatTest
class LangChain4jTests {
    private final ChatModel openAi;
    private final ChatModel ollama;
    private final StreamingChatModel openAiStream;
    private final StreamingChatModel ollamaStream;
    private final Admission admission;

    LangChain4jTests(@Autowired Environment environment, @Autowired Admission admission) {
        String root = "http://localhost:" + Objects.requireNonNull(environment.getProperty("local.server.port"));
        this.openAi = OpenAiChatModel.builder()
                .baseUrl(root + "/v1")
                .apiKey("none")
                .modelName("captioner")
                .maxRetries(0)
                .build();
        this.openAiStream = OpenAiStreamingChatModel.builder()
                .baseUrl(root + "/v1")
                .apiKey("none")
                .modelName("captioner")
                .build();
        this.ollama = OllamaChatModel.builder()
                .baseUrl(root)
                .modelName("captioner")
                .maxRetries(0)
                .build();
        this.ollamaStream = OllamaStreamingChatModel.builder()
                .baseUrl(root)
                .modelName("captioner")
                .build();
        this.admission = admission;
    }

    @Test
    void bothDescribeAPhoto() {
        for (ChatModel model : List.of(openAi, ollama)) {
            assertThat(model.chat(photo(RED)).aiMessage().text()).isEqualTo("A red picture");
        }
    }

    @Test
    void bothReceiveItWordByWord() throws Exception {
        for (StreamingChatModel model : List.of(openAiStream, ollamaStream)) {
            List<String> pieces = new CopyOnWriteArrayList<>();
            CompletableFuture<String> whole = new CompletableFuture<>();
            model.chat(List.of(photo(RED)), new StreamingChatResponseHandler() {
                @Override
                public void onPartialResponse(String piece) {
                    pieces.add(piece);
                }

                @Override
                public void onCompleteResponse(ChatResponse response) {
                    whole.complete(response.aiMessage().text());
                }

                @Override
                public void onError(Throwable error) {
                    whole.completeExceptionally(error);
                }
            });
            assertThat(whole.get(30, TimeUnit.SECONDS)).isEqualTo("A red picture");
            assertThat(pieces).contains("A", " red", " picture");
        }
    }

    @Test
    void bothUnderstandARefusedPictureAndAFullService() {
        assertThatThrownBy(() -> openAi.chat(photo("bm90IGEgcGljdHVyZSBhdCBhbGwhISEhISEhISEhISEhISE=")))
                .isInstanceOfAny(InvalidRequestException.class, HttpException.class)
                .hasMessageContaining("not_an_image");
        assertThatThrownBy(() -> ollama.chat(photo("%%%")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("base64");
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never())) {
            for (ChatModel model : List.of(openAi, ollama)) {
                assertThatThrownBy(() -> model.chat(photo(RED))).isInstanceOf(RateLimitException.class);
            }
        }
    }

    private static UserMessage photo(String base64) {
        return UserMessage.from(TextContent.from("What is this?"), ImageContent.from(base64, "image/png"));
    }
}
