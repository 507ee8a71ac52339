package io.captioner.training.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.ImageSize;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** One run of an encoder with frozen weights, in a graph of its own. */
final class EncoderRun {
    private EncoderRun() {}

    /** Returns the annotation vectors of images that lie one after another. */
    static float[] annotate(Encoder encoder, NamedWeights weights, byte[] rgb) {
        ImageSize size = encoder.inputSize();
        int images = rgb.length / (size.width() * size.height() * 3);
        try (Graph graph = new Graph();
                TUint8 pixels = Tensors.of(Shape.of(images, size.height(), size.width(), 3), rgb)) {
            Ops tf = Ops.create(graph);
            Operand<TUint8> input =
                    tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, size.height(), size.width(), 3)));
            Operand<TFloat32> features = encoder.annotate(tf, weights.constants(tf), input);
            try (Session session = new Session(graph);
                    Result result =
                            session.runner().feed(input, pixels).fetch(features).run()) {
                assertThat(result.get(0).shape())
                        .isEqualTo(Shape.of(images, encoder.rows() * encoder.columns(), encoder.channels()));
                return Tensors.floats(result.get(0));
            }
        }
    }
}
