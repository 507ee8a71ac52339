package io.captioner.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.captioner.image.ImageSize;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.RandomWeights;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class MobileNetV2Tests {
    @Test
    void hasThePublishedNumberOfWeights() {
        MobileNetV2 encoder = new MobileNetV2();

        assertThat(encoder.weights()).hasSize(260);
        assertThat(encoder.weights()).containsEntry("block_16_project/kernel", Shape.of(1, 1, 960, 320));
        assertThat(encoder.parameterCount()).isEqualTo(2_257_984);
        assertThat(Classifiers.parameterCount(encoder)).containsOnly(3_538_984L);
        assertThat(encoder.rows()).isEqualTo(7);
        assertThat(encoder.columns()).isEqualTo(7);
        assertThat(encoder.channels()).isEqualTo(1280);
    }

    @Test
    void anotherInputSizeChangesTheGridButNotTheWeights() {
        MobileNetV2 encoder = new MobileNetV2(new ImageSize(96, 64));

        assertThat(encoder.rows()).isEqualTo(2);
        assertThat(encoder.columns()).isEqualTo(3);
        assertThat(encoder.weights()).isEqualTo(new MobileNetV2().weights());
        assertThat(encoder.name()).isNotEqualTo(new MobileNetV2().name());
    }

    @Test
    void aSideThatIsNoMultipleOf32IsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MobileNetV2(new ImageSize(224, 225)));
        assertThatIllegalArgumentException().isThrownBy(() -> new MobileNetV2(new ImageSize(100, 224)));
    }

    @Test
    void featuresDependOnTheImageAndNotOnItsNeighboursInTheBatch() {
        MobileNetV2 encoder = new MobileNetV2(new ImageSize(96, 64));
        NamedWeights weights = RandomWeights.of(encoder.weights(), 7);
        byte[] pixels = new byte[2 * 96 * 64 * 3];
        new Random(1).nextBytes(pixels);
        byte[] second = new byte[pixels.length / 2];
        System.arraycopy(pixels, second.length, second, 0, second.length);

        float[] both = EncoderRun.annotate(encoder, weights, pixels);
        float[] alone = EncoderRun.annotate(encoder, weights, second);

        assertThat(both).hasSize(2 * 2 * 3 * 1280);
        assertThat(alone).hasSize(2 * 3 * 1280);
        double difference = 0;
        for (int i = 0; i < alone.length; i++) {
            assertThat(both[alone.length + i]).isCloseTo(alone[i], within(1e-3f));
            difference += Math.abs(both[i] - alone[i]);
        }
        assertThat(difference / alone.length)
                .as("mean difference of two images")
                .isGreaterThan(0.05);
    }

    @Test
    void activationsAreThoseOfASeparateComputation() throws IOException {
        GoldenActivations.require(
                new MobileNetV2(), "mobilenet_v2_1.0_224_no_top.h5", "mobilenet_v2_golden.json", 2e-3f);
    }
}
