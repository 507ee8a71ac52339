package io.captioner.training.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.files.UnusableFileException;
import io.captioner.training.encoder.MobileNetV2;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.NamedWeights.WeightsMismatchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
import org.tensorflow.types.TFloat32;

class KerasFileTests {
    private static final Path TINY = Path.of("src/test/resources/keras/tiny.h5");

    @Test
    void everyWeightIsReadWithItsNameShapeAndValues() throws IOException {
        NamedWeights weights = KerasFile.read(TINY);

        assertThat(weights.values())
                .containsOnlyKeys(
                        "Conv1/kernel",
                        "bn_Conv1/gamma",
                        "bn_Conv1/beta",
                        "bn_Conv1/moving_mean",
                        "bn_Conv1/moving_variance",
                        "block/dense/kernel",
                        "block/dense/bias");
        assertThat(value(weights, "Conv1/kernel").shape()).isEqualTo(Shape.of(2, 2, 2, 3));
        assertThat(value(weights, "Conv1/kernel").values())
                .startsWith(0f, 0.125f, 0.25f)
                .endsWith(2.875f);
        assertThat(value(weights, "bn_Conv1/moving_mean").values()).containsExactly(0.5f, 0.25f, 0.125f);
        assertThat(value(weights, "block/dense/kernel").values()).containsExactly(7, 8);
        assertThat(weights.parameterCount()).isEqualTo(24 + 4 * 3 + 3);
        assertThat(weights.sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void exactlyTheExpectedWeightsPass() throws IOException {
        NamedWeights weights = KerasFile.read(TINY);

        assertThat(weights.requireExactly(shapes(weights))).isSameAs(weights);
    }

    @Test
    void missingSuperfluousAndMisshapenWeightsAreAllNamed() throws IOException {
        NamedWeights weights = KerasFile.read(TINY);
        Map<String, Shape> expected = shapes(weights);
        expected.remove("bn_Conv1/beta");
        expected.put("Conv_1/kernel", Shape.of(1));
        expected.put("Conv1/kernel", Shape.of(3, 3, 2, 3));

        assertThatExceptionOfType(WeightsMismatchException.class)
                .isThrownBy(() -> weights.requireExactly(expected))
                .withMessageContaining("tiny.h5")
                .withMessageContaining("Missing: [Conv_1/kernel]")
                .withMessageContaining("Not expected: [bn_Conv1/beta]")
                .withMessageContaining("[Conv1/kernel is [2, 2, 2, 3], not [3, 3, 2, 3]]");
    }

    @Test
    void aMissingWeightAloneFails() throws IOException {
        NamedWeights weights = KerasFile.read(TINY);
        Map<String, Shape> expected = shapes(weights);
        expected.put("Conv_1/kernel", Shape.of(1));

        assertThatExceptionOfType(WeightsMismatchException.class).isThrownBy(() -> weights.requireExactly(expected));
    }

    @Test
    void aSuperfluousWeightAloneFails() throws IOException {
        NamedWeights weights = KerasFile.read(TINY);
        Map<String, Shape> expected = shapes(weights);
        expected.remove("block/dense/bias");

        assertThatExceptionOfType(WeightsMismatchException.class).isThrownBy(() -> weights.requireExactly(expected));
    }

    @Test
    void aFileThatIsNotHdf5IsRefused(@TempDir Path directory) throws IOException {
        Path text =
                Files.writeString(directory.resolve("weights.h5"), "not the weights you are looking for".repeat(99));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> KerasFile.read(text))
                .withMessageContaining("weights.h5")
                .withMessageContaining("HDF5");
    }

    @Test
    void anHdf5FileWithoutKerasNamesIsRefused() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> KerasFile.read(TINY.resolveSibling("unnamed.h5")))
                .withMessageContaining("layer_names");
    }

    @Test
    void doublePrecisionIsReadWhereItIsExactAndRefusedElsewhere() throws IOException {
        assertThat(value(KerasFile.read(TINY.resolveSibling("double.h5")), "dense/kernel")
                        .values())
                .containsExactly(1);
        assertRefused(TINY.resolveSibling("inexact.h5"), "/dense/dense/kernel:0 is float64", "0.1", "float32");
    }

    @Test
    void halfPrecisionIsReadExactly() throws IOException {
        assertThat(value(KerasFile.read(TINY.resolveSibling("half.h5")), "dense/kernel")
                        .values())
                .containsExactly(0.5f, 65504f, -0x1p-24f);
    }

    @Test
    void namesInSeveralAttributesAreReadInTheirOrder() throws IOException {
        NamedWeights weights = KerasFile.read(TINY.resolveSibling("chunked.h5"));

        assertThat(weights.values().keySet())
                .containsExactly("a/kernel", "a/bias", "b/kernel", "b/bias", "c/kernel", "c/bias");
        assertThat(value(weights, "c/bias").values()).containsExactly(-2);
    }

    @Test
    void integersAndNetworksWithinNetworksAreRefusedByName() throws IOException {
        assertRefused(TINY.resolveSibling("integer.h5"), "/dense/dense/kernel:0 is byte of 1 bytes", "float16");
        assertRefused(TINY.resolveSibling("nested.h5"), "inner/kernel twice", "model.get_layer('inner')");
    }

    @Test
    void whatIsNoWeightFileIsRefusedByWhatItIs(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("weights.h5");
        byte[] whole = Files.readAllBytes(TINY.resolveSibling("keras2-model.h5"));
        for (int length : new int[] {12, 100, 800, whole.length / 2, whole.length * 3 / 4}) {
            assertRefused(Files.write(file, Arrays.copyOf(whole, length)), "cut off");
        }
        assertRefused(Files.write(file, new byte[0]), "is empty");
        assertRefused(Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid"), "git lfs pull");
        assertRefused(Files.writeString(file, "\n<!DOCTYPE html>\n<html>"), "HTML page");
        assertRefused(Files.writeString(file, "PK\3\4config.json"), ".keras", "model.save('x.h5')");
        assertRefused(directory, "is a folder", "saved-model");
    }

    private static void assertRefused(Path file, String... said) {
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> KerasFile.read(file))
                .satisfies(e -> assertThat(e).hasMessageContainingAll(said).hasMessageContaining(file.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"keras2-weights.h5", "keras2-model.h5", "keras3-weights.h5", "keras3-model.h5"})
    void whatBothVersionsOfKerasWriteFitsTheSameNetwork(String file) throws IOException {
        NamedWeights all = KerasFile.read(TINY.resolveSibling(file));

        NamedWeights fitted = all.fitTo(new SmallKerasNetwork());

        assertThat(all.values()).hasSize(8).containsKeys("predictions/bias");
        assertThat(fitted.values())
                .containsOnlyKeys(
                        "conv2d/kernel",
                        "batch_normalization/beta",
                        "batch_normalization/moving_mean",
                        "batch_normalization/moving_variance",
                        "separate/depthwise_kernel",
                        "conv2d_1/kernel");
        assertThat(value(fitted, "conv2d_1/kernel").values()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(value(fitted, "batch_normalization/moving_mean").values()).containsExactly(1, 2, 3, 4);
        assertThat(value(fitted, "separate/depthwise_kernel").values()).endsWith(34, 35);
    }

    @Test
    void theFormatOfKeras3WithoutNamesIsRefusedWithAWayOut() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> KerasFile.read(TINY.resolveSibling("keras3.weights.h5")))
                .withMessageContaining("layer_names")
                .withMessageContaining("a .weights.h5 file of Keras 3")
                .withMessageContaining("model.save('x.h5')");
    }

    @Test
    void constantsCarryTheValuesIntoTheGraph() throws IOException {
        NamedWeights weights = KerasFile.read(TINY);

        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            WeightSource source = weights.constants(Ops.create(graph));
            Operand<TFloat32> kernel = source.get("Conv1/kernel", 2, 2, 2, 3);
            try (Result result = session.runner().fetch(kernel).run()) {
                assertThat(result.get(0).shape()).isEqualTo(Shape.of(2, 2, 2, 3));
                assertThat(Tensors.floats(result.get(0)))
                        .containsExactly(value(weights, "Conv1/kernel").values());
            }
            assertThatIllegalArgumentException().isThrownBy(() -> source.get("Conv1/kernel", 24));
            assertThatIllegalArgumentException().isThrownBy(() -> source.get("Conv2/kernel", 24));
        }
    }

    @Test
    void theFileThatKerasWroteForSqueezeNetIsRead() throws IOException {
        NamedWeights weights = KerasFile.read(shared("squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"));

        assertThat(weights.parameterCount()).isEqualTo(722_496);
        assertThat(value(weights, "fire2/expand3x3/expand3x3_b").shape()).isEqualTo(Shape.of(64));
    }

    @Test
    void theMobileNetV2FileHoldsExactlyTheNetworksWeights() throws IOException {
        NamedWeights weights = KerasFile.read(shared("mobilenet_v2_1.0_224_no_top.h5"));

        weights.requireExactly(new MobileNetV2().weights());

        assertThat(weights.values()).hasSize(260);
        assertThat(weights.parameterCount()).isEqualTo(2_257_984);
        assertThat(weights.sha256()).isEqualTo("d7c42e43ed347d31f4a8c39ae4fed5346bc7027d0f4be090a7357a4eabefd9a6");
    }

    private static WeightValues value(NamedWeights weights, String name) {
        return Objects.requireNonNull(weights.values().get(name), name);
    }

    private static Map<String, Shape> shapes(NamedWeights weights) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        weights.values().forEach((name, weight) -> shapes.put(name, weight.shape()));
        return shapes;
    }

    private static Path shared(String name) {
        String root = Objects.requireNonNullElse(System.getenv("CAPTIONER_SHARED"), "../shared");
        Path file = Path.of(root, "weights", name);
        assumeTrue(Files.exists(file), () -> file + " is absent");
        return file;
    }
}
