package io.captioner.training.features;

import io.captioner.image.ImageSize;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.Precision;
import io.captioner.training.weights.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TUint8;

/** A frozen encoder with its session: images in, float16 annotation vectors out. For one thread. */
public final class FeatureExtractor implements AutoCloseable {
    private final Graph graph;
    private final Session session;
    private final Placeholder<TUint8> images;
    private final Operand<TFloat16> features;
    private final ImageSize size;

    /**
     * Builds the encoder.
     *
     * @param weights exactly the encoder's weights
     */
    public FeatureExtractor(Encoder encoder, NamedWeights weights, Precision precision) {
        size = encoder.inputSize();
        graph = new Graph();
        Ops tf = Ops.create(graph);
        images = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, size.height(), size.width(), 3)));
        features = tf.dtypes.cast(encoder.annotate(tf, weights.constants(tf), images), TFloat16.class);
        session = new Session(graph, precision.session());
    }

    /** Returns the features of images that lie one after another: float16, {@code [n, rows * columns, channels]}. */
    public byte[] extract(byte[] rgb) {
        int count = rgb.length / (size.height() * size.width() * 3);
        try (TUint8 batch = Tensors.of(Shape.of(count, size.height(), size.width(), 3), rgb);
                Result result =
                        session.runner().feed(images, batch).fetch(features).run()) {
            return Tensors.bytes(result.get(0));
        }
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
