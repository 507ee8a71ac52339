package io.captioner.training.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.training.encoder.Encoder;
import io.captioner.training.encoder.InceptionV3;
import io.captioner.training.encoder.ResNet;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.NamedWeights.WeightsMismatchException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class NamedWeightsTests {
    private static final Encoder INCEPTION = new InceptionV3();
    private static final Encoder RESNET = ResNet.of50();

    @Test
    void layersThatKerasNumberedFromAnywhereFindTheirPlace() {
        NamedWeights official = weights(INCEPTION.weights(), name -> raised(name, 1));
        NamedWeights later = weights(INCEPTION.weights(), name -> raised(name, name.startsWith("conv2d") ? 40 : 7));

        NamedWeights fitted = official.fitTo(INCEPTION);

        assertThat(official.values()).containsKeys("conv2d_1/kernel", "batch_normalization_94/moving_mean");
        assertThat(fitted.values()).containsOnlyKeys(INCEPTION.weights().keySet());
        assertThat(value(fitted, "conv2d/kernel")).isSameAs(value(official, "conv2d_1/kernel"));
        assertThat(value(fitted, "conv2d_93/kernel")).isSameAs(value(official, "conv2d_94/kernel"));
        assertThat(value(later.fitTo(INCEPTION), "batch_normalization_10/beta"))
                .isSameAs(value(later, "batch_normalization_17/beta"));
    }

    @Test
    void aLayerThatIsMissingAmongTheNumberedIsNoticed() {
        Map<String, Shape> shapes = new LinkedHashMap<>(INCEPTION.weights());
        shapes.remove("conv2d_50/kernel");

        assertThatExceptionOfType(WeightsMismatchException.class)
                .isThrownBy(() -> weights(shapes, name -> raised(name, 1)).fitTo(INCEPTION))
                .withMessageContaining("Missing: [conv2d_50/kernel]")
                .withMessageContaining("Not expected: []");
    }

    @Test
    void aMissingFirstLayerIsNoticedThoughTheOthersMoveUp() {
        Map<String, Shape> shapes = new LinkedHashMap<>(INCEPTION.weights());
        shapes.remove("conv2d/kernel");

        assertThatExceptionOfType(WeightsMismatchException.class)
                .isThrownBy(() -> weights(shapes, UnaryOperator.identity()).fitTo(INCEPTION))
                .withMessageContaining("Missing: [conv2d_93/kernel]")
                .withMessageContaining("conv2d/kernel is [3, 3, 32, 32], not [3, 3, 3, 32]");
    }

    @Test
    void theClassifierOfTheWholeNetworkIsLeftAside() {
        for (Map<String, Shape> classifier : RESNET.classifiers()) {
            Map<String, Shape> shapes = new LinkedHashMap<>(RESNET.weights());
            shapes.putAll(classifier);

            NamedWeights fitted = weights(shapes, UnaryOperator.identity()).fitTo(RESNET);

            assertThat(fitted.values()).containsOnlyKeys(RESNET.weights().keySet());
        }
    }

    @Test
    void aClassifierOfAnotherNameSizeOrWithoutBiasIsNotExpected() {
        refuses("[fc1000/kernel, fc1000/bias]", "fc1000/kernel", Shape.of(2048, 1000), "fc1000/bias", Shape.of(1000));
        refuses(
                "[predictions/kernel, predictions/bias]",
                "predictions/kernel",
                Shape.of(2048, 10),
                "predictions/bias",
                Shape.of(10));
        refuses("[predictions/kernel]", "predictions/kernel", Shape.of(2048, 1000));
    }

    @Test
    void theWeightsOfAnotherDepthAreNamedMissingAndNotExpected() {
        assertThatExceptionOfType(WeightsMismatchException.class)
                .isThrownBy(() ->
                        weights(RESNET.weights(), UnaryOperator.identity()).fitTo(ResNet.of101()))
                .withMessageContaining("conv4_block23_3_bn/gamma")
                .withMessageContaining("Not expected: []");
    }

    private static void refuses(String extra, Object... namesAndShapes) {
        Map<String, Shape> shapes = new LinkedHashMap<>(RESNET.weights());
        for (int i = 0; i < namesAndShapes.length; i += 2) {
            shapes.put((String) namesAndShapes[i], (Shape) namesAndShapes[i + 1]);
        }
        assertThatExceptionOfType(WeightsMismatchException.class)
                .isThrownBy(() -> weights(shapes, UnaryOperator.identity()).fitTo(RESNET))
                .withMessageContaining("Missing: []")
                .withMessageContaining("Not expected: " + extra);
    }

    private static String raised(String name, int by) {
        String layer = name.substring(0, name.indexOf('/'));
        boolean first = !layer.matches(".*_[0-9]+");
        int mark = first ? layer.length() : layer.lastIndexOf('_');
        int number = first ? 0 : Integer.parseInt(layer.substring(mark + 1));
        return layer.substring(0, mark) + "_" + (number + by) + name.substring(layer.length());
    }

    private static NamedWeights weights(Map<String, Shape> shapes, UnaryOperator<String> rename) {
        Map<String, WeightValues> values = new LinkedHashMap<>();
        shapes.forEach((name, shape) ->
                values.put(rename.apply(name), new WeightValues(shape, new float[Math.toIntExact(shape.size())])));
        return new NamedWeights("made up", "none", values);
    }

    private static WeightValues value(NamedWeights weights, String name) {
        return Objects.requireNonNull(weights.values().get(name), name);
    }
}
