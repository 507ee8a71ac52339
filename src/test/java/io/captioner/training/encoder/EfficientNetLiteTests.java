package io.captioner.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.ImageSize;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class EfficientNetLiteTests {
    @Test
    void lite0HasThePublishedNumberOfWeights() {
        EfficientNetLite encoder = EfficientNetLite.lite0();

        assertThat(encoder.weights())
                .doesNotContainKey("block0_expand/kernel")
                .containsEntry("block15_project/kernel", Shape.of(1, 1, 1152, 320))
                .containsEntry("block3_depthwise/depthwise_kernel", Shape.of(5, 5, 144, 1));
        assertThat(encoder.parameterCount()).isEqualTo(3_413_024);
        assertThat(Classifiers.parameterCount(encoder)).containsOnly(4_694_024L);
    }

    @Test
    void lite2IsWiderAndDeeper() {
        EfficientNetLite encoder = EfficientNetLite.lite2();

        assertThat(encoder.weights()).containsEntry("block20_project/kernel", Shape.of(1, 1, 1248, 352));
        assertThat(encoder.parameterCount()).isEqualTo(4_869_168);
        assertThat(encoder.rows()).isEqualTo(9);
    }

    @Test
    void theSizeIsFree() {
        EfficientNetLite encoder = EfficientNetLite.lite2(new ImageSize(241, 65));

        assertThat(encoder.columns()).isEqualTo(8);
        assertThat(encoder.rows()).isEqualTo(3);
        assertThat(encoder.weights()).isEqualTo(EfficientNetLite.lite2().weights());
        assertThat(encoder.name()).isEqualTo("efficientnet_lite2_241x65");
    }

    @Test
    void activationsOfLite0AreThoseOfASeparateComputation() throws IOException {
        GoldenActivations.require(
                EfficientNetLite.lite0(), "efficientnet_lite0_no_top.h5", "efficientnet_lite0_224_golden.json", 2e-3f);
    }

    @Test
    void activationsOfLite2AreThoseOfASeparateComputation() throws IOException {
        GoldenActivations.require(
                EfficientNetLite.lite2(), "efficientnet_lite2_no_top.h5", "efficientnet_lite2_260_golden.json", 2e-3f);
    }
}
