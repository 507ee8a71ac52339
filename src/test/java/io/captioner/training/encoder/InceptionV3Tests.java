package io.captioner.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.captioner.image.ImageSize;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class InceptionV3Tests {
    @Test
    void hasThePublishedNumberOfWeights() {
        InceptionV3 encoder = new InceptionV3();

        assertThat(encoder.weights()).hasSize(94 * 4);
        assertThat(encoder.weights())
                .containsEntry("conv2d/kernel", Shape.of(3, 3, 3, 32))
                .containsEntry("conv2d_93/kernel", Shape.of(1, 1, 2048, 192))
                .doesNotContainKey("batch_normalization/gamma");
        assertThat(encoder.parameterCount()).isEqualTo(21_802_784);
        assertThat(Classifiers.parameterCount(encoder)).containsExactly(23_851_784L);
        assertThat(encoder.rows()).isEqualTo(8);
        assertThat(encoder.columns()).isEqualTo(8);
        assertThat(encoder.channels()).isEqualTo(2048);
    }

    @Test
    void anotherInputSizeChangesTheGridButNotTheWeights() {
        InceptionV3 encoder = new InceptionV3(new ImageSize(139, 75));

        assertThat(encoder.rows()).isEqualTo(1);
        assertThat(encoder.columns()).isEqualTo(3);
        assertThat(encoder.weights()).isEqualTo(new InceptionV3().weights());
        assertThat(encoder.name()).isEqualTo("inception_v3_139x75");
    }

    @Test
    void aSideBelow75IsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new InceptionV3(new ImageSize(299, 74)));
        assertThatIllegalArgumentException().isThrownBy(() -> new InceptionV3(new ImageSize(74, 299)));
    }
}
