package io.captioner.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.captioner.files.UnusableFileException;
import io.captioner.training.encoder.EncoderSettings.SavedModel;
import io.captioner.training.encoder.EncoderSettings.Scaling;
import io.captioner.training.export.SavedModelWriter;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TNumber;

class SavedModelEncoderTests {
    private static final SavedModel PLAIN = new SavedModel("serving_default", null, null, Scaling.NONE, null);
    private static final int SIDE = 8;

    @TempDir
    private Path directory;

    /** What becomes of the 2 × 2 means of a picture's colours. */
    private interface Ending {
        Operand<TFloat32> of(Ops tf, Operand<TFloat32> means);
    }

    @Test
    void aGridOfAUint8ModelIsReadRowByRow() throws IOException {
        write(TUint8.class, SIDE, (tf, means) -> means);
        byte[] picture = picture(2);

        Encoder encoder = SavedModelEncoder.read(directory, PLAIN, null);
        float[] features = EncoderRun.annotate(encoder, weights(encoder), picture);

        assertThat(encoder.inputSize().width()).isEqualTo(SIDE);
        assertThat(encoder.rows()).isEqualTo(4);
        assertThat(encoder.columns()).isEqualTo(4);
        assertThat(encoder.channels()).isEqualTo(3);
        assertThat(encoder.parameterCount()).isZero();
        assertThat(features).hasSize(2 * 16 * 3);
        for (int i = 0; i < features.length; i++) {
            assertThat(features[i]).isCloseTo(mean(picture, i), within(1e-4f));
        }
    }

    @Test
    void aFloatModelGetsScaledPixelsOfTheSizeThatWasAskedFor() throws IOException {
        write(TFloat32.class, -1, (tf, means) -> means);
        byte[] picture = picture(1);

        Encoder encoder = SavedModelEncoder.read(
                directory, new SavedModel("serving_default", "x", "y", Scaling.ZERO_TO_ONE, null), SIDE);
        float[] features = EncoderRun.annotate(encoder, weights(encoder), picture);

        for (int i = 0; i < features.length; i++) {
            assertThat(features[i]).isCloseTo(mean(picture, i) / 255, within(1e-6f));
        }
        assertThat(encoder.scale()).isEqualTo("x / 255");
    }

    @Test
    void vectorsWithoutAGridMakeASquareOrTheRowsThatAreSet() throws IOException {
        write(TUint8.class, SIDE, (tf, means) -> tf.reshape(means, tf.array(-1, 16, 3)));
        Encoder square = SavedModelEncoder.read(directory, PLAIN, null);
        Encoder two =
                SavedModelEncoder.read(directory, new SavedModel("serving_default", null, null, Scaling.NONE, 2), null);

        assertThat(square.rows()).isEqualTo(4);
        assertThat(two.rows()).isEqualTo(2);
        assertThat(two.columns()).isEqualTo(8);
        write(TUint8.class, SIDE, (tf, means) -> tf.reshape(means, tf.array(-1, 12, 4)));
        refuses(PLAIN, null, "saved-model.rows");
    }

    @Test
    void oneVectorIsAGridOfOneCell() throws IOException {
        write(TUint8.class, SIDE, (tf, means) -> tf.reshape(means, tf.array(-1, 48)));

        Encoder encoder = SavedModelEncoder.read(directory, PLAIN, null);

        assertThat(encoder.rows()).isOne();
        assertThat(encoder.columns()).isOne();
        assertThat(encoder.channels()).isEqualTo(48);
        assertThat(EncoderRun.annotate(encoder, weights(encoder), picture(3))).hasSize(3 * 48);
    }

    @Test
    void theGraphItIsAddedToCarriesItIntoABundle() throws IOException {
        write(TUint8.class, SIDE, (tf, means) -> tf.math.mul(means, tf.constant(2f)));
        Encoder encoder = SavedModelEncoder.read(directory, PLAIN, null);
        GraphDef exported;
        String output;
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TUint8> image = tf.withName("image").placeholder(TUint8.class);
            output = encoder.annotate(tf, weights(encoder).constants(tf), image)
                    .op()
                    .name();
            exported = graph.toGraphDef();
        }
        byte[] picture = picture(1);

        try (Graph graph = new Graph();
                TUint8 pixels = Tensors.of(Shape.of(1, SIDE, SIDE, 3), picture)) {
            graph.importGraphDef(exported);
            try (Session session = new Session(graph);
                    Result result =
                            session.runner().feed("image", pixels).fetch(output).run()) {
                assertThat(Tensors.floats(result.get(0))[7]).isCloseTo(2 * mean(picture, 7), within(1e-4f));
            }
        }
    }

    @Test
    void variablesAreRefusedWithAWayOut() throws IOException {
        write(TUint8.class, SIDE, (tf, means) -> tf.math.add(means, tf.variable(Shape.scalar(), TFloat32.class)));

        refuses(PLAIN, null, "1 variables: freeze them");
    }

    @Test
    void variablesThatTheOutputDoesNotNeedDoNotMatter() throws IOException {
        write(TUint8.class, SIDE, (tf, means) -> {
            tf.variable(Shape.scalar(), TFloat32.class);
            return means;
        });

        assertThat(SavedModelEncoder.read(directory, PLAIN, null).channels()).isEqualTo(3);
    }

    @Test
    void namesAndSizesThatAreNotThereAreAnsweredWithThoseThatAre() throws IOException {
        write(TFloat32.class, -1, (tf, means) -> means);

        refuses(new SavedModel("serve", null, null, Scaling.NONE, null), SIDE, "[serving_default]");
        refuses(new SavedModel("serving_default", "image", null, Scaling.NONE, null), SIDE, "[x]");
        refuses(new SavedModel("serving_default", null, "features", Scaling.NONE, null), SIDE, "[y]");
        refuses(PLAIN, null, "captioner.training.encoder.input-size");
        write(TUint8.class, SIDE, (tf, means) -> means);
        refuses(PLAIN, 16, "8 x 8");
        refuses(new SavedModel("serving_default", null, null, Scaling.ZERO_TO_ONE, null), null, "scaling");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.99})
    void aFileThatIsCutIsRefusedByName(double share) throws IOException {
        write(TUint8.class, SIDE, (tf, means) -> means);
        Path file = directory.resolve("saved_model.pb");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, (int) (share * whole.length)));

        refuses(PLAIN, null, "saved_model.pb");
    }

    @Test
    void aPageInPlaceOfAModelIsRefusedByName() throws IOException {
        Files.writeString(directory.resolve("saved_model.pb"), "<!DOCTYPE html><p>Not found");

        refuses(PLAIN, null, "is cut off, damaged or no SavedModel");
    }

    @Test
    void aGraphThatCannotRunOnAnImageIsRefusedWithWhatToName() throws IOException {
        write(TFloat32.class, -1, (tf, means) -> tf.reshape(means, tf.array(-1, 7, 7, 7)));

        refuses(PLAIN, SIDE, "does not run on an image of 8 x 8 pixels");
    }

    @Test
    void theHashOfItsWeightsIsThatOfTheFile() throws IOException {
        write(TUint8.class, SIDE, (tf, means) -> means);
        String first = SavedModelEncoder.weights(directory).sha256();
        write(TUint8.class, SIDE, (tf, means) -> tf.math.mul(means, tf.constant(2f)));

        assertThat(first).matches("[0-9a-f]{64}");
        assertThat(SavedModelEncoder.weights(directory).sha256()).isNotEqualTo(first);
    }

    private void refuses(SavedModel settings, @Nullable Integer side, String message) {
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> SavedModelEncoder.read(directory, settings, side))
                .withMessageContaining(directory.toString())
                .withMessageContaining(message);
    }

    private NamedWeights weights(Encoder encoder) throws IOException {
        return SavedModelEncoder.weights(directory).fitTo(encoder);
    }

    /** A model of one layer, which takes the mean of 2 × 2 pixels. */
    private <T extends TNumber> void write(Class<T> type, long side, Ending ending) throws IOException {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<T> images = tf.withName("images").placeholder(type, Placeholder.shape(Shape.of(-1, side, side, 3)));
            Operand<TFloat32> means = tf.nn.avgPool(
                    tf.dtypes.cast(images, TFloat32.class), List.of(1L, 2L, 2L, 1L), List.of(1L, 2L, 2L, 1L), "VALID");
            Operand<TFloat32> features = ending.of(tf, means);
            SignatureDef signature = SignatureDef.newBuilder()
                    .putInputs("x", info(images, -1, side, side, 3))
                    .putOutputs("y", info(features))
                    .build();
            SavedModelWriter.write(
                    directory.resolve("saved_model.pb"), graph.toGraphDef(), Map.of("serving_default", signature));
        }
    }

    private static TensorInfo info(Operand<?> tensor, long... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long dimension : dimensions) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dimension));
        }
        return TensorInfo.newBuilder()
                .setName(tensor.op().name() + ":0")
                .setDtype(tensor.asOutput().dataType())
                .setTensorShape(shape)
                .build();
    }

    private static byte[] picture(int images) {
        byte[] rgb = new byte[images * SIDE * SIDE * 3];
        new Random(5).nextBytes(rgb);
        return rgb;
    }

    /** The mean of four pixels, as value {@code index} of {@code [n, row, column, channel]}. */
    private static float mean(byte[] rgb, int index) {
        int channel = index % 3;
        int column = index / 3 % 4 * 2;
        int row = index / 12 * 2; // also from image to image
        float sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += rgb[((row + i / 2) * SIDE + column + i % 2) * 3 + channel] & 0xff;
        }
        return sum / 4;
    }
}
