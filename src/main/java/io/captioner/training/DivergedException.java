package io.captioner.training;

/** Says that a step's loss is no number any more, and where its batch is described. */
final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DivergedException(String message) {
        super(message);
    }
}
