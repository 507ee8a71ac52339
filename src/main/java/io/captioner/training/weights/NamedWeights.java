package io.captioner.training.weights;

import io.captioner.jobs.UnusableJobException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;

/** The weights of a network by name, {@code layer/variable}, held on the heap. Immutable. */
public final class NamedWeights {
    private static final String DEPTHWISE = "/depthwise_kernel";

    private final String origin;
    private final String sha256;
    private final Map<String, WeightValues> values;

    /**
     * Weights by name.
     *
     * @param origin where they come from, for messages
     * @param sha256 identifies these weights, in cache keys and provenance
     */
    public NamedWeights(String origin, String sha256, Map<String, WeightValues> values) {
        this.origin = origin;
        this.sha256 = sha256;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Returns the SHA-256 of the file they come from, in hexadecimal; for {@link #mapped} weights, a suffix follows.
     */
    public String sha256() {
        return sha256;
    }

    /** Returns every weight by name, in the order of the file. */
    public Map<String, WeightValues> values() {
        return values;
    }

    /**
     * Returns weights that were made of these.
     *
     * @param suffix of their identification, which tells them from these
     */
    NamedWeights mapped(String suffix, UnaryOperator<WeightValues> change) {
        Map<String, WeightValues> changed = new LinkedHashMap<>();
        values.forEach((name, weight) -> changed.put(name, change.apply(weight)));
        return new NamedWeights(origin, sha256 + suffix, changed);
    }

    /** Returns how many numbers the weights hold. */
    public long parameterCount() {
        return values.values().stream()
                .mapToLong(weight -> weight.values().length)
                .sum();
    }

    /**
     * Returns the weights of a network from a file of it, with or without the classifier, of any version of Keras and
     * with any first number of its layer names.
     *
     * @throws WeightsMismatchException if anything else is missing, superfluous or of another shape; the message lists
     *     all of it
     */
    public NamedWeights fitTo(Layout network) {
        Map<String, WeightValues> fitted = LayerNumbers.fromZero(values, network.numberedLayers());
        Map<String, Shape> expected = network.weights();
        expected.keySet().forEach(name -> nameDepthwise(fitted, name));
        for (Map<String, Shape> classifier : network.classifiers()) {
            if (holdsAll(fitted, classifier)) {
                fitted.keySet().removeAll(classifier.keySet());
            }
        }
        return new NamedWeights(origin, sha256, fitted).requireExactly(expected);
    }

    /** Keras 3 calls {@code kernel} what Keras 2, and the official files, call {@code depthwise_kernel}. */
    private static void nameDepthwise(Map<String, WeightValues> values, String expected) {
        if (expected.endsWith(DEPTHWISE) && !values.containsKey(expected)) {
            WeightValues kernel = values.remove(expected.replace(DEPTHWISE, "/kernel"));
            if (kernel != null) {
                values.put(expected, kernel);
            }
        }
    }

    private static boolean holdsAll(Map<String, WeightValues> values, Map<String, Shape> expected) {
        return expected.entrySet().stream().allMatch(weight -> {
            WeightValues value = values.get(weight.getKey());
            return value != null && value.shape().equals(weight.getValue());
        });
    }

    /**
     * Checks that these are exactly the expected weights.
     *
     * @return this
     * @throws WeightsMismatchException if a name is missing or superfluous, or a shape differs; the message lists all
     *     of them
     */
    public NamedWeights requireExactly(Map<String, Shape> expected) {
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
                    "%s does not hold the weights of this network (give it Keras' file of the same network). Missing: %s. Not expected: %s. Other shape: %s."
                            .formatted(origin, missing, extra, misshapen));
        }
        return this;
    }

    /** Returns the values of the weights by name. */
    public Map<String, float[]> arrays() {
        return values.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, weight -> weight.getValue().values()));
    }

    /** Returns a source of these weights, frozen as constants in the graph of {@code tf}. */
    public WeightSource constants(Ops tf) {
        return (name, dimensions) -> {
            Shape shape = Shape.of(dimensions);
            WeightValues weight = values.get(name);
            if (weight == null || !weight.shape().equals(shape)) {
                throw new IllegalArgumentException("%s has no weight %s of shape %s".formatted(origin, name, shape));
            }
            return tf.withName(Tensors.constantName(name))
                    .constant(shape, DataBuffers.of(weight.values(), true, false));
        };
    }

    @Override
    public String toString() {
        return "%s (%d weights, %d parameters)".formatted(origin, values.size(), parameterCount());
    }

    /**
     * The numbers that Keras gives to layers without names: {@code conv2d}, {@code conv2d_1}, … in the order they are
     * made, from the next free number of the session. Its official files begin at {@code conv2d_1}.
     */
    static final class LayerNumbers {
        private LayerNumbers() {}

        /** A name taken apart; the layer without a number has number 0. */
        private record Numbered(String layer, int number, String variable) {
            static Optional<Numbered> of(String name, Set<String> layers) {
                int slash = name.lastIndexOf('/');
                String layer = name.substring(0, Math.max(0, slash));
                if (layers.contains(layer)) {
                    return Optional.of(new Numbered(layer, 0, name.substring(slash)));
                }
                int mark = layer.lastIndexOf('_');
                String number = layer.substring(mark + 1);
                return mark > 0 && layers.contains(layer.substring(0, mark)) && number.matches("[1-9][0-9]{0,5}")
                        ? Optional.of(
                                new Numbered(layer.substring(0, mark), Integer.parseInt(number), name.substring(slash)))
                        : Optional.empty();
            }

            String lowered(int first) {
                return layer + (number == first ? "" : "_" + (number - first)) + variable;
            }
        }

        /**
         * Returns the same values under names whose numbers begin at 0, for each layer name by itself.
         *
         * @param layers names of layers without their numbers
         */
        static <T> Map<String, T> fromZero(Map<String, T> values, Set<String> layers) {
            Map<String, Integer> first = new HashMap<>();
            values.keySet()
                    .forEach(name -> Numbered.of(name, layers)
                            .ifPresent(numbered -> first.merge(numbered.layer(), numbered.number(), Math::min)));
            Map<String, T> renamed = new LinkedHashMap<>();
            values.forEach((name, value) -> renamed.put(
                    Numbered.of(name, layers)
                            .map(numbered -> numbered.lowered(first.getOrDefault(numbered.layer(), 0)))
                            .orElse(name),
                    value));
            return renamed;
        }
    }

    /** The names and shapes of the weights of a network, and of what else a file of it may hold. */
    public interface Layout {
        /** Returns name and shape of every weight, in a fixed order. */
        Map<String, Shape> weights();

        /**
         * Returns the names of layers that Keras numbers by itself, such as {@code conv2d} for {@code conv2d},
         * {@code conv2d_1}, …: {@link #weights} counts them from 0, files from wherever Keras stood when it made the
         * model.
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

    /** Weights that do not fit a network; the message lists what is missing, superfluous or of another shape. */
    static final class WeightsMismatchException extends UnusableJobException {
        WeightsMismatchException(String message) {
            super(message);
        }
    }

    /**
     * The values of one weight.
     *
     * @param shape its dimensions
     * @param values row-major, as many as the shape holds; never changed
     */
    @SuppressWarnings("ArrayRecordComponent") // megabytes for a graph, never compared
    public record WeightValues(Shape shape, float[] values) {
        /** @throws IllegalArgumentException if the shape does not hold exactly these values */
        public WeightValues {
            if (shape.size() != values.length) {
                throw new IllegalArgumentException(
                        "bug: %d values cannot have shape %s".formatted(values.length, shape));
            }
        }
    }
}
