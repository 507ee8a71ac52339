package io.captioner.web;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.ServletRequest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one request: whether its client is still connected, and why its body ended early. A client that
 * closed its connection, or its sending half, is gone. May be called by any thread, also after the request is over.
 */
public final class ClientConnection {
    private static final String ATTRIBUTE = ClientConnection.class.getName();

    /** Why a body ended before all of it was read. */
    public enum BodyFault {
        /** Its time was over. */
        TOO_SLOW,
        /** It is not encoded as Content-Encoding says. */
        UNDECODABLE,
        /** There are more encoded bytes than are read of any body. */
        TOO_MANY_BYTES,
        /** It could not be read from the client any further. */
        BROKEN_OFF
    }

    /** The beginning of a body that is kept to explain what is wrong with it. */
    private static final int KEPT_BYTES = 512;

    private final LongSupplier bytesRead;
    private final BooleanSupplier closedByClient;
    private volatile @Nullable BodyFault fault;
    private byte[] bodyStart = new byte[0];
    private boolean decodes;

    @GuardedBy("this") private boolean over;

    @GuardedBy("this") private boolean gone;

    /**
     * A connection whose request has just begun.
     *
     * @param bytesRead bytes of the body that have been read
     * @param closedByClient whether the client closed the connection, or its sending half
     */
    public ClientConnection(LongSupplier bytesRead, BooleanSupplier closedByClient) {
        this.bytesRead = bytesRead;
        this.closedByClient = closedByClient;
    }

    /**
     * Returns a check whether the client of a request is gone, callable at any time; false for a request without valve.
     */
    public static BooleanSupplier gone(ServletRequest request) {
        ClientConnection connection = of(request);
        return connection == null ? () -> false : connection::isGone;
    }

    /** Returns why the body of a request ended early; null if it did not. */
    static @Nullable BodyFault bodyFault(ServletRequest request) {
        ClientConnection connection = of(request);
        return connection == null ? null : connection.fault;
    }

    /** Whether all that was read of the body of a request came as it should; false for a request without valve. */
    static boolean readWithoutFault(ServletRequest request) {
        ClientConnection connection = of(request);
        return connection != null && connection.fault == null;
    }

    /** Returns the first bytes of the body of a request that have been read, decoded, at most {@value #KEPT_BYTES}. */
    static byte[] bodyStart(ServletRequest request) {
        ClientConnection connection = of(request);
        return connection == null ? new byte[0] : connection.bodyStart;
    }

    /** Returns whether an earlier check found the client gone. */
    static boolean wasGone(ServletRequest request) {
        ClientConnection connection = of(request);
        return connection != null && connection.wasGone();
    }

    /** Returns how many bytes of the body of a request have been read so far. */
    static long bytesRead(ServletRequest request) {
        ClientConnection connection = of(request);
        return connection == null ? 0 : connection.bytesRead.getAsLong();
    }

    /** Returns the connection of a request; null for a request without valve. */
    public static @Nullable ClientConnection of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof ClientConnection connection ? connection : null;
    }

    /** Makes the static methods find this connection. */
    public void attachTo(ServletRequest servletRequest) {
        servletRequest.setAttribute(ATTRIBUTE, this);
    }

    /** Returns whether the client is gone; call it only once the body has been read to its end. */
    private synchronized boolean isGone() {
        if (!over && !gone) {
            gone = closedByClient.getAsBoolean();
        }
        return gone;
    }

    private synchronized boolean wasGone() {
        return gone;
    }

    /** Records why the body ends early; the first reason counts. */
    public void bodyEnds(BodyFault reason) {
        if (fault == null) {
            fault = reason;
        }
    }

    public boolean isTooSlow() {
        return fault == BodyFault.TOO_SLOW;
    }

    /** The body is encoded, and what is decoded of it is given to {@link #received}. */
    public void decodes() {
        decodes = true;
    }

    /** Takes the bytes of the body from the wire, in order. */
    public void receivedFromWire(ByteBuffer bytes) {
        if (!decodes) {
            received(bytes);
        }
    }

    /** Keeps the first decoded bytes of the body; called with all that is read of it, in order. */
    public void received(ByteBuffer bytes) {
        int wanted = Math.min(bytes.remaining(), KEPT_BYTES - bodyStart.length);
        if (wanted > 0) {
            int kept = bodyStart.length;
            bodyStart = Arrays.copyOf(bodyStart, kept + wanted);
            bytes.get(bytes.position(), bodyStart, kept, wanted);
        }
    }

    /** Ends the checks: the request is over, its connection may serve another one. */
    public synchronized void end() {
        over = true;
    }
}
