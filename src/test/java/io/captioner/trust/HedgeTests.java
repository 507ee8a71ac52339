package io.captioner.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.trust.Trust.Level;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HedgeTests {
    private static final List<String> WORDS = List.of("a", "dog", "on", "a", "sandy", "beach");
    private static final List<Double> EVEN = List.of(0.9, 0.3, 0.9, 0.9, 0.3, 0.3);

    @Test
    void theLessSureACaptionIsTheMoreItSaysSo() {
        assertThat(hedge(WORDS, EVEN, Level.HIGH)).isEqualTo("a dog on a sandy beach");
        assertThat(hedge(WORDS, EVEN, Level.MEDIUM)).isEqualTo("Perhaps a dog on a sandy beach");
        assertThat(hedge(WORDS, EVEN, Level.LOW)).isEqualTo("This may be wrong: possibly a dog on a sandy beach");
    }

    @ParameterizedTest
    @CsvSource({
        "a dog is catching a frisbee, 3, a dog is possibly catching a frisbee",
        "a dog is catching a frisbee, 5, a dog is catching possibly a frisbee",
        "a dog is catching a frisbee, 1, possibly a dog is catching a frisbee",
        "a man in a red shirt, 4, a man in possibly a red shirt",
        "a man in a red shirt, 5, a man in possibly a red shirt",
        "two boys 's ball, 3, possibly two boys's ball"
    })
    void theHedgeStandsBeforeThePhraseOfTheWordThatCarriesTheDoubt(String caption, int doubted, String hedged) {
        List<String> words = List.of(caption.split(" "));
        Double[] probabilities = new Double[words.size()];
        Arrays.fill(probabilities, 0.8);
        probabilities[doubted] = 0.05;

        assertThat(hedge(words, List.of(probabilities), Level.MEDIUM)).isEqualTo(hedged);
        assertThat(hedge(words, List.of(probabilities), Level.LOW)).isEqualTo("This may be wrong: " + hedged);
        assertThat(hedge(words, List.of(probabilities), Level.HIGH)).doesNotContain("possibly");
    }

    @Test
    void aWordThatAllCaptionsKeepCarriesNoDoubt() {
        List<Double> probabilities = List.of(0.9, 0.05, 0.9, 0.9, 0.8, 0.8);
        Trust agreed = new Trust(0.4, true, Level.MEDIUM, 0.5, 1.0, List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0), null);

        assertThat(Hedge.of(WORDS, probabilities, agreed, "en")).isEqualTo("Perhaps a dog on a sandy beach");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"de", "enm", "fr-CA"})
    void onlyEnglishIsHedged(@Nullable String language) {
        assertThat(Hedge.of(WORDS, EVEN, trust(Level.LOW), language)).isNull();
        assertThat(Hedge.of(WORDS, EVEN, trust(null), "en-GB")).isNull();
        assertThat(Hedge.of(WORDS, EVEN, trust(Level.LOW), "en-GB")).isNotNull();
    }

    private static @Nullable String hedge(List<String> words, List<Double> probabilities, Level level) {
        return Hedge.of(words, probabilities, trust(level), "en");
    }

    private static Trust trust(@Nullable Level level) {
        return new Trust(0.4, level != null, level, 0.5, null, List.of(), null);
    }
}
