package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.model.DecodeOptions.Sampling;
import io.captioner.model.DecodeOptions.Strategy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodeRequestTests {
    private static final DecodeOptions DEFAULTS = new DecodeOptions(3, 20, 0.7f, 2, null);
    private static final Manifest MANIFEST = new Manifest(
            Manifest.SCHEMA_VERSION,
            "a",
            "1",
            "",
            "",
            "",
            new Manifest.Input(1, 1, "stretch", "", null, null),
            null,
            new Manifest.SpecialIds(0, 1, 2, 3),
            24,
            DEFAULTS,
            new Manifest.TrainingData("", "", List.of(), 0, 0),
            Map.of(),
            Map.of(),
            null,
            null,
            Map.of());

    @Test
    void whatIsNotWishedIsTheBundlesOwn() {
        assertThat(DecodeRequest.DEFAULTS.resolve(MANIFEST)).isEqualTo(DEFAULTS);
        assertThat(DecodeRequest.beam(1, null, null, null).resolve(MANIFEST))
                .isEqualTo(new DecodeOptions(1, 20, 0.7f, 2, null));
    }

    @Test
    void aCaptionIsNoLongerThanTheBundlesLongest() {
        assertThat(DecodeRequest.beam(null, 50, 1f, 0).resolve(MANIFEST))
                .isEqualTo(new DecodeOptions(3, 24, 1f, 0, null));
    }

    @ParameterizedTest
    @CsvSource({
        "0, , , , beamWidth is 0; it must be a whole number from 1 to 10.",
        "11, , , , beamWidth is 11; it must be a whole number from 1 to 10.",
        ", 51, , , maxWords is 51; it must be a whole number from 1 to 50.",
        ", , 5.5, , lengthPenalty is 5.5; it must be a number from 0 to 5.",
        ", , NaN, , lengthPenalty is NaN; it must be a number from 0 to 5.",
        ", , , 5, noRepeatNgram is 5; it must be a whole number from 0 to 4."
    })
    void aValueOutOfItsRangeIsNamedWithTheRange(
            @Nullable Integer beamWidth,
            @Nullable Integer maxWords,
            @Nullable Float lengthPenalty,
            @Nullable Integer noRepeatNgram,
            String message) {
        DecodeRequest request = DecodeRequest.beam(beamWidth, maxWords, lengthPenalty, noRepeatNgram);
        assertThatThrownBy(() -> request.resolve(MANIFEST))
                .isInstanceOf(InvalidDecodeRequestException.class)
                .hasMessage(message);
    }

    @Test
    void moreAlternativesThanTheBeamHoldsAreRefused() {
        DecodeRequest request = new DecodeRequest(null, 2, 3, null, null, null, null, null, null, null, null, null);
        assertThatThrownBy(() -> request.resolve(MANIFEST)).hasMessageContaining("alternatives is 3");
    }

    @Test
    void samplingTakesAsManyCaptionsAsAreAskedFor() {
        assertThat(new DecodeRequest(Strategy.SAMPLE, null, 4, null, null, null, 0.5f, null, null, 7, null, null)
                        .resolve(MANIFEST))
                .isEqualTo(new DecodeOptions(4, 20, 0.7f, 2, new Sampling(0.5f, 0, 1, 7)));
    }

    @Test
    void consensusIsTheBundlesUnlessItIsAskedFor() {
        DecodeOptions usual = DecodeRequest.DEFAULTS.resolve(MANIFEST);

        assertThat(usual.consensus()).isFalse();
        assertThat(consensus(null, true).resolve(MANIFEST))
                .isEqualTo(new DecodeOptions(
                        usual.beamWidth(),
                        usual.maxWords(),
                        usual.lengthPenalty(),
                        usual.noRepeatNgram(),
                        null,
                        null,
                        true));
        assertThat(consensus(Strategy.SAMPLE, false).resolve(MANIFEST).consensus())
                .isFalse();
        assertThatThrownBy(() -> consensus(Strategy.SAMPLE, true).resolve(MANIFEST))
                .isInstanceOf(InvalidDecodeRequestException.class)
                .hasMessageContaining("consensus=true is for a search");
    }

    private static DecodeRequest consensus(@Nullable Strategy strategy, boolean consensus) {
        return new DecodeRequest(strategy, null, null, null, null, null, null, null, null, null, null, consensus);
    }

    @ParameterizedTest
    @CsvSource({
        "BEAM, , 0.5, , , , temperature",
        "GREEDY, 3, , , , , beamWidth",
        "SAMPLE, 3, , , , , beamWidth",
        "GREEDY, , , 4, , , topK",
        ", , , , 0.5, , topP",
        ", , , , , 7, seed",
        "SAMPLE, , 0, , , , temperature",
        "SAMPLE, , , 0, , , topK",
        "SAMPLE, , , , 1.5, , topP",
        "SAMPLE, , NaN, , , , temperature"
    })
    void optionsThatDoNotGoTogetherNameTheOneThatIsTooMany(
            @Nullable Strategy strategy,
            @Nullable Integer beamWidth,
            @Nullable Float temperature,
            @Nullable Integer topK,
            @Nullable Float topP,
            @Nullable Integer seed,
            String parameter) {
        DecodeRequest request = new DecodeRequest(
                strategy, beamWidth, null, null, null, null, temperature, topK, topP, seed, null, null);
        assertThatThrownBy(() -> request.resolve(MANIFEST))
                .isInstanceOfSatisfying(
                        InvalidDecodeRequestException.class,
                        invalid -> assertThat(invalid.parameter()).isEqualTo(parameter));
    }
}
