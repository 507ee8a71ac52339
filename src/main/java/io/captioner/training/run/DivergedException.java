package io.captioner.training.run;

/** Says that a step's loss is no number any more, and where its batch is described. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DivergedException(String message) {
        super(message);
    }
}
