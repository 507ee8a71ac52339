package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.text.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordRulesTests {
    private static final Vocabulary VOCABULARY =
            Vocabulary.ofWords(List.of("a", "man", "woman", "person", "dog", "he", "girls", "his", "their"));

    @Test
    void equalRulesAreEqualWhateverTheirOrder() {
        assertThat(new WordRules(false, List.of("b", "a", "b"), List.of("d", "c")))
                .isEqualTo(new WordRules(false, List.of("a", "b"), List.of("c", "d")));
    }

    @Test
    void genderedWordsGoToTheirNeutralOnesAndThoseWithoutAreAvoided() {
        WordRules.Ids ids = new WordRules(true, List.of(), List.of()).ids(VOCABULARY);

        assertThat(VOCABULARY.words(ids.mergeFrom())).containsExactly("his", "man", "woman");
        assertThat(VOCABULARY.words(ids.mergeTo())).containsExactly("their", "person", "person");
        // There is no "children" for "girls".
        assertThat(VOCABULARY.words(ids.avoid())).containsExactlyInAnyOrder("he", "girls");
    }

    @Test
    void aNeutralWordThatIsAvoidedGetsNothing() {
        WordRules.Ids ids = new WordRules(true, List.of("person", "woman"), List.of()).ids(VOCABULARY);

        assertThat(VOCABULARY.words(ids.mergeFrom())).containsExactly("his");
        assertThat(VOCABULARY.words(ids.avoid())).contains("man", "woman", "person");
    }

    @Test
    void anUnknownAvoidedWordIsNothingToDoAndAnUnknownRequiredOneIsRefused() {
        WordRules.Ids ids =
                new WordRules(false, List.of("zebra", "dog", "<unk>", "<end>"), List.of("a")).ids(VOCABULARY);
        assertThat(VOCABULARY.words(ids.avoid())).containsExactly("dog");
        assertThat(VOCABULARY.words(ids.require())).containsExactly("a");

        refuses(new WordRules(false, List.of(), List.of("zebra")), "words that the model does not know: zebra");
        refuses(new WordRules(false, List.of(), List.of("<end>")), "words that the model does not know: <end>");
        refuses(new WordRules(false, List.of("dog"), List.of("dog")), "avoid or genderNeutral excludes: dog");
        refuses(new WordRules(true, List.of(), List.of("man")), "avoid or genderNeutral excludes: man");
    }

    private static void refuses(WordRules rules, String message) {
        assertThatExceptionOfType(InvalidDecodeRequestException.class)
                .isThrownBy(() -> rules.ids(VOCABULARY))
                .withMessageContaining(message);
    }
}
