package io.captioner.model.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.model.CaptionModel;
import io.captioner.model.ColourBundle;
import io.captioner.model.DecodeOptions;
import io.captioner.model.InvalidDecodeRequestException;
import io.captioner.model.ModelDevice;
import io.captioner.model.WordRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordRulesSupportTests {
    @Test
    void aBundleThatWasWrittenBeforeTheRulesRefusesThemWithTheRemedy(@TempDir Path root) throws IOException {
        Path bundle = new ColourBundle().write(root, "colours", "1");
        WordRules rules = new WordRules(false, List.of("red"), List.of());
        try (CaptionModel model = DjlBundleLoader.load(bundle, ModelDevice.CPU)) {
            model.requireSupport(new DecodeOptions(3, 5, 0.7f));
            assertThatExceptionOfType(InvalidDecodeRequestException.class)
                    .isThrownBy(() -> model.requireSupport(new DecodeOptions(3, 5, 0.7f, 0, null, rules, false)))
                    .withMessage(
                            "colours/1 was written before genderNeutral, avoid and require: leave them out, or write the bundle again with captioner.job=re-export.")
                    .satisfies(failure -> assertThat(failure.parameter()).isEqualTo("model"));
        }
    }
}
