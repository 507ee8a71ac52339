package io.captioner.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.image.ImageSize;
import io.captioner.training.weights.KerasFile;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.DecodeJpeg;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Activations of two photos that a separate program computed, in the shared folder; skips where that is absent. */
final class GoldenActivations {
    private GoldenActivations() {}

    static void require(Encoder encoder, String weightsFile, String goldenFile, float tolerance) throws IOException {
        NamedWeights weights = KerasFile.read(shared("weights/" + weightsFile)).requireExactly(encoder.weights());
        JsonNode golden = JsonMapper.shared().readTree(Files.readAllBytes(shared("weights/" + goldenFile)));
        for (JsonNode photo : golden.get("photos")) {
            byte[] pixels = PillowBicubic.resize(
                    decode(shared("data/flickr8k/photos/" + photo.get("photo").asString())),
                    new ImageSize(224, 224),
                    encoder.inputSize());
            assertThat(sha256(pixels)).isEqualTo(photo.get("pixels_sha256").asString());

            float[] features = EncoderRun.annotate(encoder, weights, pixels);

            for (JsonNode sample : photo.get("samples")) {
                int cell = sample.get("row").asInt() * encoder.columns()
                        + sample.get("col").asInt();
                assertThat(features[
                                cell * encoder.channels()
                                        + sample.get("channel").asInt()])
                        .isCloseTo(sample.get("value").floatValue(), within(tolerance));
            }
            double mean = 0;
            for (float feature : features) {
                mean += (double) feature / features.length;
            }
            assertThat(mean).isCloseTo(photo.get("mean").asDouble(), within(1e-4));
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
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
