package io.captioner.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.image.ImageSize;
import io.captioner.training.weights.HashedWeights;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The networks beside Keras' own, with the same weights and picture; see {@code activations.py} for how it was made.
 */
class KerasActivationsTests {
    /** Of the activations' standard deviation: sums of up to 152 layers in another order. */
    private static final double TOLERANCE = 2e-4;

    private enum Network {
        MOBILENET_V2,
        INCEPTION_V3,
        RESNET50,
        RESNET101,
        RESNET152;

        Encoder of(ImageSize size) {
            return switch (this) {
                case MOBILENET_V2 -> new MobileNetV2(size);
                case INCEPTION_V3 -> new InceptionV3(size);
                case RESNET50 -> ResNet.of50(size);
                case RESNET101 -> ResNet.of101(size);
                case RESNET152 -> ResNet.of152(size);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void activationsAreThoseOfKeras(Network network) throws IOException {
        JsonNode expected = JsonMapper.shared()
                .readTree(Objects.requireNonNull(getClass().getResourceAsStream("activations.json")))
                .get("encoders")
                .get(network.ordinal());
        int side = expected.get("side").asInt();
        Encoder encoder = network.of(new ImageSize(side, side));
        assertThat(expected.get("encoder").asString()).isEqualToIgnoringCase(network.name());
        assertThat(encoder.rows()).isEqualTo(expected.get("rows").asInt());
        assertThat(encoder.columns()).isEqualTo(expected.get("columns").asInt());
        assertThat(encoder.channels()).isEqualTo(expected.get("channels").asInt());
        assertThat(encoder.parameterCount())
                .isEqualTo(expected.get("parameters").asLong());

        float[] features = EncoderRun.annotate(encoder, HashedWeights.of(encoder.weights()), picture(side));

        double deviation = expected.get("deviation").asDouble();
        for (JsonNode sample : expected.get("samples")) {
            assertThat((double) features[sample.get("index").asInt()])
                    .isCloseTo(sample.get("value").asDouble(), within(TOLERANCE * deviation));
        }
        assertThat(mean(features, 1)).isCloseTo(expected.get("mean").asDouble(), within(TOLERANCE * deviation));
        double squares = mean(features, 2) - Math.pow(mean(features, 1), 2);
        assertThat(Math.sqrt(squares)).isCloseTo(deviation, within(TOLERANCE * deviation));
    }

    private static double mean(float[] values, int power) {
        double sum = 0;
        for (float value : values) {
            sum += Math.pow(value, power);
        }
        return sum / values.length;
    }

    /** The picture of {@code activations.py}. */
    private static byte[] picture(int side) {
        byte[] rgb = new byte[side * side * 3];
        for (int i = 0; i < rgb.length; i++) {
            int row = i / (side * 3);
            int column = i / 3 % side;
            int tiles = (row / 16 + column / 16) % 2;
            rgb[i] = (byte) (row * 7 + column * 13 + i % 3 * 101 + row * column / 5 + tiles * 90);
        }
        return rgb;
    }
}
