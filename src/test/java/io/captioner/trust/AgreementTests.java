package io.captioner.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.model.Hypothesis;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AgreementTests {
    private static final Hypothesis BEST = caption(4, 5, 4, 6);

    @Test
    void aWordIsKeptByTheCaptionsThatHaveItAsOften() {
        List<Hypothesis> all = List.of(BEST, caption(4, 5), caption(6, 4, 4, 7), caption());

        Agreement agreement = Objects.requireNonNull(Agreement.of(BEST, all));

        assertThat(agreement.words()).containsExactly(1, 2 / 3.0, 2 / 3.0, 2 / 3.0);
        assertThat(agreement.mean()).isCloseTo(0.75, within(1e-9));
        assertThat(agreement.least()).isCloseTo(2 / 3.0, within(1e-9));
    }

    @Test
    void oneCaptionHasNothingToAgreeWith() {
        assertThat(Agreement.of(BEST, List.of(BEST))).isNull();
        assertThat(Agreement.of(BEST, List.of(BEST, caption()))).isNull();
        assertThat(Agreement.of(caption(), List.of(BEST, BEST))).isNull();
    }

    private static Hypothesis caption(int... tokens) {
        return new Hypothesis(tokens, new float[tokens.length], 0, 0, new float[0][], true);
    }
}
