package io.captioner.model;

/** A GPU that is wanted and not there, or not used; the message says why and what to do. */
public final class DeviceRefusedException extends RuntimeException {
    DeviceRefusedException(String message) {
        super(message);
    }
}
