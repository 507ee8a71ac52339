package io.captioner.model.gpu;

/** A GPU that is wanted and not there, or not used; the message says why and what to do. */
public final class DeviceRefusedException extends RuntimeException {
    public DeviceRefusedException(String message) {
        super(message);
    }
}
