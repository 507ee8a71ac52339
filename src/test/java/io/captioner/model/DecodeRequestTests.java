package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecodeRequestTests {
    private static final DecodeOptions DEFAULTS = new DecodeOptions(3, 20, 0.7f, 2, null);
    private static final Manifest MANIFEST = new Manifest(
            Manifest.SCHEMA_VERSION,
            "a",
            "1",
            "",
            "",
            "",
            new Manifest.Input(1, 1, "stretch", ""),
            null,
            new Manifest.SpecialIds(0, 1, 2, 3),
            24,
            DEFAULTS,
            new Manifest.TrainingData("", "", List.of(), 0, 0),
            Map.of(),
            Map.of(),
            Map.of());

    @Test
    void whatIsNotWishedIsTheBundlesOwn() {
        assertThat(DecodeRequest.DEFAULTS.resolve(MANIFEST)).isEqualTo(DEFAULTS);
        assertThat(new DecodeRequest(1, null, null, null, null).resolve(MANIFEST))
                .isEqualTo(new DecodeOptions(1, 20, 0.7f, 2, null));
    }

    @Test
    void aCaptionIsNoLongerThanTheBundlesLongest() {
        assertThat(new DecodeRequest(null, 50, 1f, 0, null).resolve(MANIFEST))
                .isEqualTo(new DecodeOptions(3, 24, 1f, 0, null));
    }
}
