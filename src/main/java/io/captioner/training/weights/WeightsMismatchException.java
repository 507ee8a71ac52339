package io.captioner.training.weights;

import io.captioner.jobs.UnusableJobException;

/** Weights that do not fit a network; the message lists what is missing, superfluous or of another shape. */
public final class WeightsMismatchException extends UnusableJobException {
    WeightsMismatchException(String message) {
        super(message);
    }
}
