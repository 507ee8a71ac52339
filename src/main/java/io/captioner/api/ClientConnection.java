package io.captioner.api;

import jakarta.servlet.ServletRequest;
import java.util.function.BooleanSupplier;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;

/**
 * Whether the client of one request is still there. A client that closed its connection, or its sending half, is gone.
 * Asked by any thread, also after the request is over.
 *
 * <p>Servlets learn that a client has left only when they write. Tomcat can be asked to read without blocking what
 * comes after the body: it reports one byte for the end of the stream or a reset, none while the client waits, and none
 * again for a further request that was sent ahead.
 */
final class ClientConnection implements BooleanSupplier {
    private static final String ATTRIBUTE = ClientConnection.class.getName();
    private static final int END_OF_STREAM = 1;

    private final Request request;
    private boolean over;
    private boolean gone;

    /** A connection whose request has just begun. */
    ClientConnection(Request request) {
        this.request = request;
    }

    /** Returns the connection of a request; for one that came by no valve, a client that always stays. */
    static BooleanSupplier of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof ClientConnection connection ? connection : () -> false;
    }

    /** Makes {@link #of} find this connection. */
    void attachTo(ServletRequest servletRequest) {
        servletRequest.setAttribute(ATTRIBUTE, this);
    }

    /** Returns whether the client is gone; to be asked only once the body has been read to its end. */
    @Override
    public synchronized boolean getAsBoolean() {
        if (!over && !gone) {
            // A second look, for one more byte may also be the first of a request sent ahead.
            gone = looksEnded() && looksEnded();
        }
        return gone;
    }

    /** Ends the watch: the request is over, its connection may serve another one. */
    synchronized void end() {
        over = true;
    }

    private boolean looksEnded() {
        request.setAvailable(0);
        request.action(ActionCode.AVAILABLE, Boolean.TRUE);
        return request.getAvailable() == END_OF_STREAM;
    }
}
