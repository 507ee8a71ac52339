package io.captioner.model;

/** A parameter of a {@link DecodeRequest} that is out of its range, or contradicts another; the message says which. */
public final class InvalidDecodeRequestException extends IllegalArgumentException {
    private final String parameter;

    public InvalidDecodeRequestException(String parameter, String message) {
        super(message);
        this.parameter = parameter;
    }

    /** Returns the name of the parameter, as in {@code beamWidth}. */
    public String parameter() {
        return parameter;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
