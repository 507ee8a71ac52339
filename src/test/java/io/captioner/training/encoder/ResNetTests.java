package io.captioner.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.captioner.image.ImageSize;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class ResNetTests {
    @Test
    void haveThePublishedNumbersOfWeights() {
        assertThat(ResNet.of50().parameterCount()).isEqualTo(23_587_712);
        assertThat(ResNet.of101().parameterCount()).isEqualTo(42_658_176);
        assertThat(ResNet.of152().parameterCount()).isEqualTo(58_370_944);
        assertThat(Classifiers.parameterCount(ResNet.of50())).containsOnly(25_636_712L);
        assertThat(Classifiers.parameterCount(ResNet.of101())).containsOnly(44_707_176L);
        assertThat(Classifiers.parameterCount(ResNet.of152())).containsOnly(60_419_944L);
    }

    @Test
    void layersHaveTheNamesAndShapesOfKeras() {
        ResNet encoder = ResNet.of152();

        assertThat(encoder.weights()).hasSize(155 * 6);
        assertThat(encoder.weights())
                .containsEntry("conv1_conv/kernel", Shape.of(7, 7, 3, 64))
                .containsEntry("conv2_block1_0_conv/bias", Shape.of(256))
                .containsEntry("conv4_block36_3_bn/gamma", Shape.of(1024))
                .containsEntry("conv5_block3_2_conv/kernel", Shape.of(3, 3, 512, 512))
                .doesNotContainKey("conv5_block2_0_conv/kernel");
        assertThat(encoder.rows()).isEqualTo(7);
        assertThat(encoder.columns()).isEqualTo(7);
        assertThat(encoder.channels()).isEqualTo(2048);
    }

    @Test
    void anotherInputSizeChangesTheGridButNotTheWeights() {
        ResNet encoder = ResNet.of50(new ImageSize(96, 64));

        assertThat(encoder.rows()).isEqualTo(2);
        assertThat(encoder.columns()).isEqualTo(3);
        assertThat(encoder.weights()).isEqualTo(ResNet.of50().weights());
        assertThat(encoder.name()).isEqualTo("resnet50_96x64");
    }

    @Test
    void aSideThatIsNoMultipleOf32IsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ResNet.of101(new ImageSize(224, 230)));
        assertThatIllegalArgumentException().isThrownBy(() -> ResNet.of101(new ImageSize(230, 224)));
    }
}
