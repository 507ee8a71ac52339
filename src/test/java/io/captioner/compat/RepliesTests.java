package io.captioner.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.caption.CaptionResponse.Word;
import io.captioner.compat.Description.Sentence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepliesTests {
    private static final Sentence DOG = sentence("a 0.5 dog 0.4 runs 0.9");
    private static final Description PHOTO = new Description(
            List.of(DOG, sentence("a 0.5 cat 0.45 runs 0.8"), sentence("two 0.3 dog 0.2"), sentence("a 0.5 dog 0.4")),
            40,
            20);

    @Test
    void theWordsThatCouldStandInPlaceOfOneAreThoseAfterTheSameBeginning() {
        List<List<String>> tops = Replies.logprobs(List.of(DOG), List.of(PHOTO), 5).stream()
                .map(RepliesTests::top)
                .toList();

        assertThat(tops).containsExactly(List.of("a", "two"), List.of("cat", "dog"), List.of("runs"));
    }

    @Test
    void thereAreNoMoreThanAreAskedFor() {
        assertThat(Replies.logprobs(List.of(DOG), List.of(PHOTO), 1))
                .extracting(RepliesTests::top)
                .containsExactly(List.of("a"), List.of("cat"), List.of("runs"));
        assertThat(Replies.logprobs(List.of(DOG), List.of(PHOTO), 0))
                .allSatisfy(token -> assertThat(top(token)).isEmpty());
    }

    private static List<String> top(Map<String, Object> token) {
        List<String> words = new ArrayList<>();
        if (token.get("top_logprobs") instanceof List<?> all) {
            for (Object one : all) {
                words.add(String.valueOf(((Map<?, ?>) one).get("token")));
            }
        }
        return words;
    }

    /** Reads words, each with its probability. */
    private static Sentence sentence(String text) {
        String[] parts = text.split(" ");
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < parts.length; i += 2) {
            words.add(new Word(parts[i], Double.parseDouble(parts[i + 1]), null, null));
        }
        return new Sentence(text, 0.5, -1, words);
    }
}
