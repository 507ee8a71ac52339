package io.captioner.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.FakeCaptionModel;
import io.captioner.FakeModels;
import io.captioner.caption.CaptionOptions.Language;
import io.captioner.caption.CaptionOptions.Wording;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeRequest;
import io.captioner.registry.ModelRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageChoiceTests {
    private final LanguageChoice choice;

    LanguageChoiceTests(@TempDir Path root) throws IOException {
        ModelRegistry models = FakeModels.registry(
                root,
                Map.<String, CaptionModel>of(
                        "colours", new FakeCaptionModel("colours", true, "en"),
                        "another", new FakeCaptionModel("another", true, "en"),
                        "farben", new FakeCaptionModel("farben", true, "de"),
                        "couleurs", new FakeCaptionModel("couleurs", true, "fr-CA"),
                        "silent", new FakeCaptionModel("silent", true)));
        models.refresh(model -> {});
        choice = new LanguageChoice(models);
    }

    @ParameterizedTest
    @CsvSource({"en, colours", "EN-gb, colours", "de, farben", "de-AT, farben", "fr, couleurs", "fr-CA, couleurs"})
    void aWantedLanguageFindsItsModelAndTheDefaultOneFirst(String language, String model) {
        assertThat(model(null, language, "de")).isEqualTo(model);
    }

    @Test
    void aWantedLanguageThatNoModelHasIsRefusedWithThoseThereAre() {
        refuses(
                null,
                "es",
                "language is 'es', but captions are in de, en, fr-CA: ask for one of these, or leave language out.");
        refuses(
                "farben",
                "en",
                "language is 'en', but captions are in de: ask for one of these, or leave language out.");
        refuses(
                "silent",
                "en",
                "language is 'en', but the model does not say in which language it captions: leave language out.");
        refuses(null, "e_n", "language must be a BCP 47 tag such as en, not 'e_n'.");
    }

    @ParameterizedTest
    @CsvSource({
        "'de-DE,de;q=0.9,en;q=0.8', farben",
        "'es,fr;q=0.3,en;q=0.2', couleurs",
        "'en-US,en;q=0.9,de;q=0.8', colours",
        "es,",
        "'*',",
        "';;',",
        "'',"
    })
    void anAcceptedLanguageChoosesWhereThereIsOne(String accepted, @Nullable String model) {
        String chosen = model(null, null, accepted);
        if (accepted.equals("*")) {
            assertThat(chosen).isIn(null, "colours");
        } else {
            assertThat(chosen).isEqualTo(model);
        }
    }

    @Test
    void aNamedModelAnswersWhateverIsAccepted() {
        assertThat(model("colours", null, "de")).isEqualTo("colours");
        assertThat(model("farben", "de", null)).isEqualTo("farben");
        assertThat(model(null, null, null)).isNull();
    }

    private @Nullable String model(@Nullable String named, @Nullable String wanted, @Nullable String accepted) {
        return choice.model(new CaptionOptions(
                DecodeRequest.DEFAULTS, AttentionDetail.NONE, named, Wording.PLAIN, new Language(wanted, accepted)));
    }

    private void refuses(@Nullable String named, String wanted, String message) {
        assertThatExceptionOfType(CaptionFailure.class)
                .isThrownBy(() -> model(named, wanted, null))
                .withMessage(message)
                .satisfies(failure -> assertThat(failure.parameter()).isEqualTo("language"));
    }
}
