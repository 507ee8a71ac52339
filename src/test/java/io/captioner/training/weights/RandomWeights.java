package io.captioner.training.weights;

import io.captioner.training.weights.NamedWeights.WeightValues;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.tensorflow.ndarray.Shape;

/** Seeded random weights for any network: kernels that keep the size of activations, BatchNorm near the identity. */
public final class RandomWeights {
    private RandomWeights() {}

    /** Returns a weight for every name; the same seed gives the same weights. */
    public static NamedWeights of(Map<String, Shape> shapes, long seed) {
        Random random = new Random(seed);
        Map<String, WeightValues> values = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> values.put(name, new WeightValues(shape, draw(name, shape, random))));
        return new NamedWeights("random weights of seed " + seed, "random-" + seed, values);
    }

    private static float[] draw(String name, Shape shape, Random random) {
        float[] values = new float[Math.toIntExact(shape.size())];
        if (name.endsWith("kernel")) {
            boolean depthwise = name.endsWith("depthwise_kernel");
            long inputs = shape.size() / shape.get(depthwise ? 2 : shape.numDimensions() - 1);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / inputs));
            }
        } else if (name.endsWith("gamma") || name.endsWith("variance")) {
            for (int i = 0; i < values.length; i++) {
                values[i] = 0.75f + 0.5f * random.nextFloat();
            }
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = 0.2f * random.nextFloat();
            }
        }
        return values;
    }
}
