package io.captioner.training.weights;

import org.tensorflow.ndarray.Shape;

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
            throw new IllegalArgumentException("bug: %d values cannot have shape %s".formatted(values.length, shape));
        }
    }
}
