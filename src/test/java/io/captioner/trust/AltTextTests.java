package io.captioner.trust;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AltTextTests {
    @ParameterizedTest
    @CsvSource({
        "a dog runs, A dog runs",
        "a picture of a dog ., A dog",
        "there is an image of two men, Two men",
        "this is a black and white photo of a street., A street",
        "a man takes a picture of a dog, A man takes a picture of a dog",
        "a picture of, A picture of",
        "élan, Élan"
    })
    void aCaptionBecomesAnAlternativeText(String caption, String text) {
        assertThat(AltText.of(caption)).isEqualTo(text);
    }

    @Test
    void aLongOneEndsBehindAWordThatCanBeTheLast() {
        String words = "a very long caption of a dog that runs ".repeat(3);
        String text = AltText.of(words + "and of the cat behind it");

        assertThat(text)
                .hasSizeLessThanOrEqualTo(AltText.MAX_LENGTH)
                .startsWith("A very long")
                .endsWith("runs");
        assertThat(AltText.of("x".repeat(300))).hasSize(AltText.MAX_LENGTH);
    }
}
