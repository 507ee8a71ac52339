package io.captioner.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.captioner.image.ImageSize;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.RandomWeights;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class EncodersTests {
    @ParameterizedTest
    @CsvSource({
        "mobilenet_v2, mobilenet_v2_1.0_224x224, 7, 1280",
        "efficientnet_lite0, efficientnet_lite0_224x224, 7, 1280",
        "efficientnet_lite2, efficientnet_lite2_260x260, 9, 1280",
        "inception_v3, inception_v3_299x299, 8, 2048",
        "inception-v3, inception_v3_299x299, 8, 2048",
        "resnet50, resnet50_224x224, 7, 2048",
        "resnet101, resnet101_224x224, 7, 2048",
        "resnet152, resnet152_224x224, 7, 2048",
    })
    void networksAreChosenByName(String setting, String name, int rows, int channels) throws IOException {
        Encoder encoder = Encoders.create(settings("name", setting));

        assertThat(encoder.name()).isEqualTo(name);
        assertThat(encoder.rows()).isEqualTo(rows);
        assertThat(encoder.columns()).isEqualTo(rows);
        assertThat(encoder.channels()).isEqualTo(channels);
    }

    @Test
    void mobileNetV2IsTheDefault() throws IOException {
        assertThat(Encoders.create(settings())).isInstanceOf(MobileNetV2.class);
    }

    @Test
    void theInputSizeAndPoolingAreSettings() throws IOException {
        Encoder encoder = Encoders.create(settings("name", "resnet50", "input-size", "96", "pooled", "true"));

        assertThat(encoder.name()).isEqualTo("resnet50_96x96_avg");
        assertThat(encoder.inputSize()).isEqualTo(new ImageSize(96, 96));
        assertThat(encoder.rows()).isOne();
        assertThat(encoder.columns()).isOne();
        assertThat(encoder.channels()).isEqualTo(2048);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Encoders.create(settings("name", "resnet50", "input-size", "100")));
    }

    @Test
    void poolingIsTheMeanOfTheGrid() {
        Encoder grid = new MobileNetV2(new ImageSize(96, 64));
        Encoder pooled = new PooledEncoder(grid);
        NamedWeights weights = RandomWeights.of(grid.weights(), 7);
        byte[] pixels = new byte[96 * 64 * 3];
        new Random(1).nextBytes(pixels);

        float[] vectors = EncoderRun.annotate(grid, weights.fitTo(grid), pixels);
        float[] mean = EncoderRun.annotate(pooled, weights.fitTo(pooled), pixels);

        assertThat(mean).hasSize(1280);
        for (int channel = 0; channel < mean.length; channel++) {
            double sum = 0;
            for (int cell = 0; cell < 6; cell++) {
                sum += vectors[cell * 1280 + channel];
            }
            assertThat(mean[channel]).isCloseTo((float) (sum / 6), within(1e-4f));
        }
        assertThat(pooled.classifiers()).isEqualTo(grid.classifiers());
        assertThat(new PooledEncoder(new InceptionV3()).numberedLayers()).isNotEmpty();
    }

    private static EncoderSettings settings(String... namesAndValues) {
        Map<String, String> values = new HashMap<>(Map.of("weights", "weights.h5"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(values))
                .bind("", EncoderSettings.class)
                .get();
    }
}
