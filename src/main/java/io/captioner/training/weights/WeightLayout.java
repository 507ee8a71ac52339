package io.captioner.training.weights;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.ndarray.Shape;

/** The names and shapes of the weights of a network, and of what else a file of it may hold. */
public interface WeightLayout {
    /** Returns name and shape of every weight, in a fixed order. */
    Map<String, Shape> weights();

    /**
     * Returns the names of layers that Keras numbers by itself, such as {@code conv2d} for {@code conv2d},
     * {@code conv2d_1}, …: {@link #weights} counts them from 0, files from wherever Keras stood when it made the model.
     */
    default Set<String> numberedLayers() {
        return Set.of();
    }

    /**
     * Returns what a file of the whole network may hold beside {@link #weights}: the names and shapes of its
     * classifier's weights, one map for each name that Keras has given it. They are not used.
     */
    default List<Map<String, Shape>> classifiers() {
        return List.of();
    }
}
