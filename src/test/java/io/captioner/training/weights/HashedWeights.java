package io.captioner.training.weights;

import io.captioner.training.weights.NamedWeights.WeightValues;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.tensorflow.ndarray.Shape;

/**
 * Weights computed from a hash of name and index, to the last bit those of {@code values} in {@code activations.py}
 * beside the expected activations: what Keras and this program compute with them can be compared.
 */
public final class HashedWeights {
    private HashedWeights() {}

    /** Returns a weight for every name. */
    public static NamedWeights of(Map<String, Shape> shapes) {
        Map<String, WeightValues> values = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> values.put(name, of(name, shape)));
        return new NamedWeights("hashed weights", "hashed", values);
    }

    /** Returns the weight of that name. */
    public static WeightValues of(String name, Shape shape) {
        float[] values = new float[Math.toIntExact(shape.size())];
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) scaled(name, shape, uniform((int) crc.getValue(), i));
        }
        return new WeightValues(shape, values);
    }

    private static double scaled(String name, Shape shape, double u) {
        if (name.endsWith("kernel")) {
            boolean depthwise = name.endsWith("depthwise_kernel");
            long inputs = shape.size() / shape.get(depthwise ? 2 : shape.numDimensions() - 1);
            return (2 * u - 1) * Math.sqrt(6.0 / inputs);
        }
        if (name.endsWith("_3_bn/gamma")) {
            return 0.1 + 0.2 * u;
        }
        return name.endsWith("gamma") || name.endsWith("variance") ? 0.75 + 0.5 * u : 0.2 * u - 0.1;
    }

    private static double uniform(int seed, int index) {
        int x = seed + index * 0x9E3779B9;
        x ^= x >>> 16;
        x *= 0x85EBCA6B;
        x ^= x >>> 13;
        x *= 0xC2B2AE35;
        x ^= x >>> 16;
        return Integer.toUnsignedLong(x) / 0x1p32;
    }
}
