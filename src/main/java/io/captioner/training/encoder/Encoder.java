package io.captioner.training.encoder;

import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.WeightSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** A convolutional encoder: from images to a grid of annotation vectors. Implementations are immutable. */
public interface Encoder extends NamedWeights.Layout {
    /** Returns the name that manifests and cache keys carry. */
    String name();

    /** Returns the size of the images that go in. */
    ImageSize inputSize();

    /**
     * Returns the way from a photo to those images: the program's own, unless the weights were trained with another.
     */
    default ImagePreparation preparation() {
        return ImagePreparation.stretch(inputSize());
    }

    /** Returns the shape of a batch of images, [-1, height, width, channels]. */
    default Shape imagesShape() {
        return Shape.of(
                -1, inputSize().height(), inputSize().width(), preparation().channels());
    }

    /** Returns the rows of the annotation grid. */
    int rows();

    /** Returns the columns of the annotation grid. */
    int columns();

    /** Returns the length of an annotation vector. */
    int channels();

    /** Returns how {@link #annotate} scales a uint8 value {@code x}, for people. */
    String scale();

    /**
     * Adds the encoder to a graph, scaling of the input included.
     *
     * @param tf where operations are added
     * @param weights the weights named by {@link #weights}, each requested once
     * @param images uint8, of {@link #imagesShape}
     * @return annotation vectors {@code [N, rows * columns, channels]}, top-left first, row by row
     */
    Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images);

    /**
     * Returns name and shape of every weight, in the order in which {@link #annotate} requests them; found by building
     * the encoder once in a graph that is thrown away, so that the two cannot differ.
     */
    @Override
    default Map<String, Shape> weights() {
        Map<String, Shape> requested = new LinkedHashMap<>();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            WeightSource recorder = (name, dimensions) -> {
                Shape shape = Shape.of(dimensions);
                if (requested.put(name, shape) != null) {
                    throw new IllegalStateException("bug: %s requests twice the weight %s".formatted(name(), name));
                }
                return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
            };
            annotate(tf, recorder, tf.placeholder(TUint8.class, Placeholder.shape(imagesShape())));
        }
        return Collections.unmodifiableMap(requested);
    }

    /** Returns how many numbers the weights hold. */
    default long parameterCount() {
        return weights().values().stream().mapToLong(Shape::size).sum();
    }

    /** Returns names and shapes of the weights of a dense layer. */
    static Map<String, Shape> dense(String layer, long inputs, long outputs) {
        return Map.of(layer + "/kernel", Shape.of(inputs, outputs), layer + "/bias", Shape.of(outputs));
    }
}
