package io.captioner.training.weights;

import io.captioner.training.graph.WeightSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;

/** The weights of a network under Keras' names, {@code layer/variable}, held on the heap. Immutable. */
public final class KerasWeights {
    private final String origin;
    private final String sha256;
    private final Map<String, WeightValues> values;

    /**
     * Weights by name.
     *
     * @param origin where they come from, for messages
     * @param sha256 what tells these weights from others, in cache keys and provenance
     */
    public KerasWeights(String origin, String sha256, Map<String, WeightValues> values) {
        this.origin = origin;
        this.sha256 = sha256;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Reads a file that Keras' {@code save_weights} wrote in HDF5 ({@code .h5}).
     *
     * @throws IOException if the file cannot be read, or is no such file
     */
    public static KerasWeights read(Path file) throws IOException {
        return KerasFile.read(file);
    }

    /** Returns the SHA-256 of the file, in hexadecimal. */
    public String sha256() {
        return sha256;
    }

    /** Returns every weight by name, in the order of the file. */
    public Map<String, WeightValues> values() {
        return values;
    }

    /** Returns how many numbers the weights hold. */
    public long parameterCount() {
        return values.values().stream()
                .mapToLong(weight -> weight.values().length)
                .sum();
    }

    /**
     * Checks that these are exactly the expected weights.
     *
     * @return this
     * @throws WeightsMismatchException if a name is missing or superfluous, or a shape differs; says all of them
     */
    public KerasWeights requireExactly(Map<String, Shape> expected) {
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        expected.forEach((name, shape) -> {
            WeightValues weight = values.get(name);
            if (weight == null) {
                missing.add(name);
            } else if (!weight.shape().equals(shape)) {
                misshapen.add("%s is %s, not %s".formatted(name, weight.shape(), shape));
            }
        });
        List<String> extra = values.keySet().stream()
                .filter(name -> !expected.containsKey(name))
                .toList();
        if (!missing.isEmpty() || !extra.isEmpty() || !misshapen.isEmpty()) {
            throw new WeightsMismatchException(
                    "%s does not hold the weights of this network (give it the file of the same network, without its classifier). Missing: %s. Not expected: %s. Other shape: %s."
                            .formatted(origin, missing, extra, misshapen));
        }
        return this;
    }

    /** Returns a source of these weights, frozen as constants in the graph of {@code tf}. */
    public WeightSource constants(Ops tf) {
        return (name, dimensions) -> {
            Shape shape = Shape.of(dimensions);
            WeightValues weight = values.get(name);
            if (weight == null || !weight.shape().equals(shape)) {
                throw new IllegalArgumentException("%s has no weight %s of shape %s".formatted(origin, name, shape));
            }
            return tf.constant(shape, DataBuffers.of(weight.values(), true, false));
        };
    }

    @Override
    public String toString() {
        return "%s (%d weights, %d parameters)".formatted(origin, values.size(), parameterCount());
    }
}
