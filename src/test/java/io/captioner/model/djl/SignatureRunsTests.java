package io.captioner.model.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.ShippedBundle;
import io.captioner.image.Pixels;
import io.captioner.model.ColourBundle;
import io.captioner.model.GoldenImages;
import io.captioner.model.Hypothesis;
import io.captioner.model.ModelDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignatureRunsTests {
    @Test
    void aGraphThatScoresByTheNodesThatCaptionIsPreparedOnce() {
        try (DjlCaptionModel model = (DjlCaptionModel) DjlBundleLoader.load(ShippedBundle.DIRECTORY, ModelDevice.CPU)) {
            assertThat(model.runs.scorer()).isSameAs(model.runs.captioner());
            List<Pixels> images =
                    GoldenImages.draw(7, 3, model.manifest().input().preparation());
            List<List<Hypothesis>> beams =
                    model.caption(images, model.manifest().defaults());

            List<List<Hypothesis>> scored = model.score(
                    images,
                    beams.stream()
                            .map(beam -> beam.stream().map(Hypothesis::tokens).toList())
                            .toList());

            for (int image = 0; image < images.size(); image++) {
                assertThat(scored.get(image)).hasSameSizeAs(beams.get(image));
                for (int k = 0; k < scored.get(image).size(); k++) {
                    assertThat(scored.get(image).get(k).logProbability())
                            .isCloseTo(beams.get(image).get(k).logProbability(), within(1e-3f));
                    assertThat(scored.get(image).get(k).attention())
                            .hasSameDimensionsAs(beams.get(image).get(k).attention());
                }
            }
        }
    }

    @Test
    void aGraphThatScoresByOtherNodesHasARunForEach(@TempDir Path root) throws IOException {
        try (DjlCaptionModel model = (DjlCaptionModel)
                DjlBundleLoader.load(new ColourBundle().write(root, "colours", "1"), ModelDevice.CPU)) {
            assertThat(model.runs.scorer()).isNotSameAs(model.runs.captioner());
            assertThat(model.runs.captions().getInputsMap()).doesNotContainKey("tokens");
        }
    }
}
