package io.captioner.training.weights;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.training.weights.NamedWeights.WeightValues;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

class WeightFormatTests {
    @ParameterizedTest
    @EnumSource
    void weightsAreReadAsSinglePrecision(WeightFormat format) {
        float[] kernel = {1.0009765625f, -0.3333333f, 65504, 1e-7f, 0, -2};
        float[] bias = {0.3333333f, 7, 1e-9f};
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            WeightSource source = format.constants(tf, Map.of("a/kernel", kernel, "a/bias", bias));
            Operand<TFloat32> read = source.get("a/kernel", 2, 3);
            Operand<TFloat32> vector = source.get("a/bias", 3);
            try (Session session = new Session(graph);
                    Result result = session.runner().fetch(read).fetch(vector).run()) {
                float[] values = Tensors.floats(result.get(0));
                for (int i = 0; i < kernel.length; i++) {
                    assertThat(values[i])
                            .isCloseTo(
                                    kernel[i],
                                    within(
                                            format == WeightFormat.FLOAT32
                                                    ? 0f
                                                    : Math.abs(kernel[i]) * 0x1p-11f + 6e-8f));
                }
                assertThat(Tensors.floats(result.get(1))).containsExactly(bias);
                NamedWeights rounded = format.rounded(new NamedWeights(
                        "drawn",
                        "abc",
                        Map.of(
                                "a/kernel", new WeightValues(Shape.of(2, 3), kernel),
                                "a/bias", new WeightValues(Shape.of(3), bias))));
                assertThat(requireNonNull(rounded.values().get("a/kernel")).values())
                        .containsExactly(values);
                assertThat(requireNonNull(rounded.values().get("a/bias")).values())
                        .containsExactly(bias);
                assertThat(rounded.sha256()).isEqualTo(format == WeightFormat.FLOAT32 ? "abc" : "abc-float16");
            }
            DataType stored = DataType.forNumber(
                    graph.operation("a.kernel").output(0).dataType().getNumber());
            assertThat(stored).isEqualTo(format == WeightFormat.FLOAT16 ? DataType.DT_HALF : DataType.DT_FLOAT);
        }
    }
}
