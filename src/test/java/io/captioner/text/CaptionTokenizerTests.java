package io.captioner.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptionTokenizerTests {
    @ParameterizedTest(name = "{0}")
    @MethodSource("captionsWithPennTreebankWords")
    void wordsAreThoseOfThePennTreebankTokenizer(String caption, String words) {
        assertThat(String.join(" ", CaptionTokenizer.words(caption))).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\t", ".", " . , ! '' ``"})
    void aCaptionWithoutWordsHasNone(String caption) {
        assertThat(CaptionTokenizer.words(caption)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    a man 's dog does n't run   | a man's dog doesn't run
                    it ca n't fly and wo n't go | it can't fly and won't go
                    they 're where i 'd be      | they're where i'd be
                    a -lrb- small -rrb- dog     | a (small) dog
                    $ 5 is 50 % of # 1          | $5 is 50% of #1
                    she 's gon na jump          | she's gonna jump
                    't was y' all               | 'twas y'all
                    's                          | 's
                    """)
    void aSentenceJoinsWhatTheWordsTookApart(String words, String sentence) {
        assertThat(CaptionTokenizer.sentence(List.of(words.split(" ")))).isEqualTo(sentence);
    }

    @Test
    void noWordsMakeAnEmptySentence() {
        assertThat(CaptionTokenizer.sentence(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A man's dog doesn't run .",
                "Two tri-colored dogs (and a cat) at 5 p.m. near St. Louis .",
                "She can't see what's 50% off for $5 .",
                "He's gonna jump and they cannot look ."
            })
    void tokenizingASentenceOfWordsGivesTheWordsAgain(String caption) {
        List<String> words = CaptionTokenizer.words(caption);

        assertThat(CaptionTokenizer.words(CaptionTokenizer.sentence(words))).isEqualTo(words);
    }

    private static Stream<Arguments> captionsWithPennTreebankWords() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(CaptionTokenizerTests.class.getResourceAsStream("penn-treebank-words.tsv"))) {
            List<String> lines = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("# "))
                    .toList();
            return lines.stream().map(line -> line.split("\t", -1)).map(line -> Arguments.of(line[0], line[1]));
        }
    }
}
