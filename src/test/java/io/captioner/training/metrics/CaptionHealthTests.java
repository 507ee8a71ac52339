package io.captioner.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.captioner.training.metrics.Validation.CaptionHealth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptionHealthTests {
    @Test
    void distinctCaptionsAndWordsAreCountedWithoutCaseAndPunctuation() {
        CaptionHealth health = CaptionHealth.of(List.of("A dog runs .", "a dog runs", "a cat sleeps", "a dog sleeps"));

        assertThat(health.captions()).isEqualTo(4);
        assertThat(health.distinctCaptionShare()).isEqualTo(0.75);
        assertThat(health.distinctWords()).isEqualTo(5);
        assertThat(health.meanWords()).isEqualTo(3);
        assertThat(health.repetitionShare()).isZero();
        assertThat(health.danglingShare()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a dog dog runs",
                "a dog a dog",
                "a man with a hat with a hat on a hill",
                "the the",
                "runs , runs"
            })
    void aRunOfWordsFollowedByItselfIsARepetition(String caption) {
        assertThat(CaptionHealth.of(List.of(caption, "a cat sleeps")).repetitionShare())
                .isEqualTo(0.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a dog and a cat", "a man in a hat in the park", "dog", ""})
    void wordsThatComeAgainLaterAreNoRepetition(String caption) {
        assertThat(CaptionHealth.of(List.of(caption)).repetitionShare()).isZero();
    }

    @Test
    void aCaptionThatEndsInAWordThatNeedsASuccessorDangles() {
        CaptionHealth health =
                CaptionHealth.of(List.of("a dog in a .", "a dog with", "a dog in the park", "people looking on", ""));

        assertThat(health.danglingShare()).isCloseTo(0.4, within(1e-12));
    }

    @Test
    void noCaptionsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CaptionHealth.of(List.of()));
    }
}
