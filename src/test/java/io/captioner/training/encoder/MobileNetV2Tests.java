package io.captioner.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.image.ImageSize;
import io.captioner.training.weights.KerasFile;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.RandomWeights;
import io.captioner.training.weights.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.DecodeJpeg;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
    void activationsAreThoseOfASeparateComputation() throws IOException, NoSuchAlgorithmException {
        MobileNetV2 encoder = new MobileNetV2();
        NamedWeights weights =
                KerasFile.read(shared("weights/mobilenet_v2_1.0_224_no_top.h5")).requireExactly(encoder.weights());
        JsonNode golden = JsonMapper.shared().readTree(Files.readAllBytes(shared("weights/mobilenet_v2_golden.json")));

        for (JsonNode photo : golden.get("photos")) {
            byte[] pixels =
                    decode(shared("data/flickr8k/photos/" + photo.get("photo").asString()));
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(pixels);
            assertThat(HexFormat.of().formatHex(sha256))
                    .isEqualTo(photo.get("pixels_sha256").asString());

            float[] features = EncoderRun.annotate(encoder, weights, pixels);

            for (JsonNode sample : photo.get("samples")) {
                int cell = sample.get("row").asInt() * 7 + sample.get("col").asInt();
                assertThat(features[cell * 1280 + sample.get("channel").asInt()])
                        .isCloseTo(sample.get("value").floatValue(), within(2e-3f));
            }
            double mean = 0;
            for (float feature : features) {
                mean += (double) feature / features.length;
            }
            assertThat(mean).isCloseTo(photo.get("mean").asDouble(), within(1e-4));
        }
    }

    /** TensorFlow's own decoder gives exactly the pixels that the golden activations were computed from. */
    private static byte[] decode(Path jpeg) throws IOException {
        try (Graph graph = new Graph();
                TString bytes = TString.tensorOfBytes(NdArrays.scalarOfObject(Files.readAllBytes(jpeg)))) {
            Ops tf = Ops.create(graph);
            Operand<TString> input = tf.placeholder(TString.class);
            Operand<TUint8> pixels =
                    tf.image.decodeJpeg(input, DecodeJpeg.channels(3L), DecodeJpeg.dctMethod("INTEGER_ACCURATE"));
            try (Session session = new Session(graph);
                    Result result =
                            session.runner().feed(input, bytes).fetch(pixels).run()) {
                return Tensors.bytes(result.get(0));
            }
        }
    }

    private static Path shared(String name) {
        String root = Objects.requireNonNullElse(System.getenv("CAPTIONER_SHARED"), "../shared");
        Path file = Path.of(root, name);
        assumeTrue(Files.exists(file), () -> file + " is absent");
        return file;
    }
}
