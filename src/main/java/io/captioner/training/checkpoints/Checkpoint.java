package io.captioner.training.checkpoints;

import io.captioner.training.weights.NamedWeights.WeightValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/** The tensors of a checkpoint by the names that its framework gives them; their values stay in the file. */
interface Checkpoint extends AutoCloseable {
    /** Most numbers of one tensor: more than any caption network has, and 128 MB of memory. */
    int LARGEST = 1 << 25;

    /** Returns where it is, for messages. */
    String origin();

    /** Returns its files. */
    List<Path> files() throws IOException;

    /** Returns the shapes by name. */
    Map<String, Shape> tensors();

    /**
     * Reads the values of a tensor as float32, row by row.
     *
     * @param name one of {@link #tensors}
     */
    WeightValues read(String name) throws IOException;

    @Override
    void close() throws IOException;
}
