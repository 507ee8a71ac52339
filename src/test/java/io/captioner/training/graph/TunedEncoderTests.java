package io.captioner.training.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.image.ImageSize;
import io.captioner.model.DecodeOptions;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.decoder.SoftAttentionLstm;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.encoder.MobileNetV2;
import io.captioner.training.graph.TrainingGraph.StepPlan;
import io.captioner.training.weights.Precision;
import io.captioner.training.weights.Tensors;
import io.captioner.training.weights.WeightSource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

class TunedEncoderTests {
    private static final ImageSize IMAGE = new ImageSize(8, 8);
    private static final Encoder ENCODER = new TwoLayers();
    private static final DecoderSize SIZE = new DecoderSize(14, 4, 8, 16, 12, 16, 24, 20, 0.5f, 0);
    private static final Decoder DECODER = new SoftAttentionLstm(SIZE);
    private static final TrainingSettings SETTINGS =
            new TrainingSettings(0.1f, 0.1f, 0.1f, 0, false, 0, 0.01f, 0, 1, 5, 0.5f, Precision.FLOAT32);
    private static final List<int[]> CAPTIONS =
            List.of(new int[] {4, 5, 6}, new int[] {4, 7, 8, 9}, new int[] {10, 5}, new int[] {11, 12, 13, 4, 5});
    private static final List<Integer> ROWS =
            IntStream.range(0, CAPTIONS.size()).boxed().toList();
    private static final List<Float> EQUAL = Collections.nCopies(CAPTIONS.size(), 1f);

    @Test
    void onlyWeightsFromTheFirstLayerOnAreTrainedAndNoStatistics() {
        assertThat(EncoderTuning.from(ENCODER, null))
                .containsExactly("first/kernel", "second/kernel", "second_bn/gamma");
        assertThat(EncoderTuning.from(ENCODER, "second")).containsExactly("second/kernel", "second_bn/gamma");
        assertThat(EncoderTuning.from(new MobileNetV2(), "Conv_1"))
                .containsExactly("Conv_1/kernel", "Conv_1_bn/beta", "Conv_1_bn/gamma");
        assertThatThrownBy(() -> EncoderTuning.from(ENCODER, "third"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("third")
                .hasMessageContaining("[first, second, second_bn]");
    }

    @Test
    void aStepChangesWhatIsTrainedOfTheEncoderByItsOwnRate() {
        try (TrainingGraph graph = graph("second", 1);
                TUint8 images = images()) {
            graph.step(images, ROWS, CAPTIONS, EQUAL, new StepPlan(1, 1e-2f, 0, 0));
            assertThat(graph.encoderWeights())
                    .hasSize(2)
                    .allSatisfy((name, values) ->
                            assertThat(values).isEqualTo(initial().get(name)));

            graph.step(images, ROWS, CAPTIONS, EQUAL, new StepPlan(2, 0, 1e-2f, 0));
            assertThat(graph.encoderWeights())
                    .allSatisfy((name, values) ->
                            assertThat(values).isNotEqualTo(initial().get(name)));
        }
    }

    @Test
    void captionsAreLearntByHeartThroughTheEncoder() {
        try (TrainingGraph graph = graph(null, 1);
                TUint8 images = images()) {
            for (int step = 1; step <= 250; step++) {
                graph.step(images, ROWS, CAPTIONS, EQUAL, new StepPlan(step, 5e-3f, 2e-3f, 0));
            }
            try (TFloat16 features = graph.encode(images)) {
                assertThat(graph.decode(features, new DecodeOptions(3, 8, 0.7f)).stream()
                                .map(DecodedCaption::words))
                        .containsExactlyElementsOf(CAPTIONS);
            }
        }
    }

    @Test
    void trainingBeginsWithTheGivenWeightsAndGoesOnAsIfItHadNotStopped(@TempDir Path directory) {
        String prefix = directory.resolve("variables").toString();
        Map<String, float[]> begun;
        try (TrainingGraph decoder = new TrainingGraph(DECODER, SETTINGS, List.of(6), 9, null, Map.of())) {
            begun = decoder.decoderWeights();
        }
        try (TrainingGraph graph = graph(null, 1, begun);
                TrainingGraph resumed = graph(null, 2);
                TUint8 images = images()) {
            assertThat(graph.decoderWeights())
                    .allSatisfy((name, values) -> assertThat(values).isEqualTo(begun.get(name)));
            graph.step(images, ROWS, CAPTIONS, EQUAL, new StepPlan(1, 1e-2f, 1e-2f, 0));
            graph.save(prefix);
            resumed.restore(prefix);
            for (int step = 2; step <= 4; step++) {
                StepPlan plan = new StepPlan(step, 1e-2f, 1e-2f, 0);
                double loss = graph.step(images, ROWS, CAPTIONS, EQUAL, plan).loss();
                assertThat(resumed.step(images, ROWS, CAPTIONS, EQUAL, plan).loss())
                        .isEqualTo(loss);
            }
        }
    }

    @Test
    void aGraphWithAFrozenEncoderHasNoneToEncodeWith() {
        try (TrainingGraph graph = new TrainingGraph(DECODER, SETTINGS, List.of(6), 1, null, Map.of());
                TUint8 images = images()) {
            assertThat(graph.encoderWeights()).isEmpty();
            assertThatThrownBy(() -> graph.encode(images))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("frozen");
        }
    }

    private static TrainingGraph graph(@Nullable String firstLayer, long seed) {
        return graph(firstLayer, seed, Map.of());
    }

    private static TrainingGraph graph(@Nullable String firstLayer, long seed, Map<String, float[]> decoder) {
        EncoderTuning tuning = new EncoderTuning(ENCODER, initial(), EncoderTuning.from(ENCODER, firstLayer));
        return new TrainingGraph(DECODER, SETTINGS, List.of(6), seed, tuning, decoder);
    }

    private static Map<String, float[]> initial() {
        Random random = new Random(3);
        Map<String, float[]> initial = new HashMap<>();
        ENCODER.weights().forEach((name, shape) -> {
            float[] values = new float[(int) shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = name.endsWith("kernel") ? (float) random.nextGaussian() * 0.3f : 1;
            }
            initial.put(name, values);
        });
        return initial;
    }

    private static TUint8 images() {
        byte[] values = new byte[CAPTIONS.size() * IMAGE.height() * IMAGE.width() * 3];
        new Random(5).nextBytes(values);
        return Tensors.of(Shape.of(CAPTIONS.size(), IMAGE.height(), IMAGE.width(), 3), values);
    }

    /** Two convolutions over patches, the second one scaled as BatchNorm does. */
    private static final class TwoLayers implements Encoder {
        @Override
        public String name() {
            return "two layers";
        }

        @Override
        public ImageSize inputSize() {
            return IMAGE;
        }

        @Override
        public int rows() {
            return 2;
        }

        @Override
        public int columns() {
            return 2;
        }

        @Override
        public int channels() {
            return 8;
        }

        @Override
        public String scale() {
            return "x / 255";
        }

        @Override
        public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
            Operand<TFloat32> x =
                    tf.math.mul(tf.dtypes.cast(images, TFloat32.class), tf.constant(1 / 255f)); // [N, 8, 8, 3]
            x = tf.nn.relu(tf.nn.conv2d(x, weights.get("first/kernel", 2, 2, 3, 6), List.of(1L, 2L, 2L, 1L), "VALID"));
            x = tf.nn.conv2d(x, weights.get("second/kernel", 2, 2, 6, 8), List.of(1L, 2L, 2L, 1L), "VALID");
            Operand<TFloat32> scale = tf.math.mul(
                    weights.get("second_bn/gamma", 8), tf.math.rsqrt(weights.get("second_bn/moving_variance", 8)));
            return tf.reshape(tf.math.mul(x, scale), tf.array(-1, 4, 8));
        }
    }
}
