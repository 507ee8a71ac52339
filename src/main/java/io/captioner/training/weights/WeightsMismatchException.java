package io.captioner.training.weights;

/**
 * Weights that are not those a network asks for; the message lists what is missing, superfluous or of another shape.
 */
public final class WeightsMismatchException extends RuntimeException {
    WeightsMismatchException(String message) {
        super(message);
    }
}
