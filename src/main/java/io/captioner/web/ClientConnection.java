package io.captioner.web;

import io.captioner.web.tomcat.DisconnectAwareHttpProtocol;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.servlet.ServletRequest;
import java.util.function.BooleanSupplier;
import org.apache.coyote.Request;
import org.jspecify.annotations.Nullable;

/**
 * The client of one request: whether it is still there, and whether its body came in time. A client that closed its
 * connection, or its sending half, is gone. Asked by any thread, also after the request is over.
 */
public final class ClientConnection {
    private static final String ATTRIBUTE = ClientConnection.class.getName();

    private final Request request;
    private volatile boolean tooSlow;

    @GuardedBy("this") private boolean over;

    @GuardedBy("this") private boolean gone;

    /** A connection whose request has just begun. */
    public ClientConnection(Request request) {
        this.request = request;
    }

    /**
     * Returns whether the client of a request is gone, to be asked at any time; one that came by no valve always stays.
     */
    public static BooleanSupplier gone(ServletRequest request) {
        ClientConnection connection = of(request);
        return connection == null ? () -> false : connection::isGone;
    }

    /** Returns whether the body of a request was cut off because its time was over. */
    static boolean isTooSlow(ServletRequest request) {
        ClientConnection connection = of(request);
        return connection != null && connection.tooSlow;
    }

    /** Returns whether the client of a request has been found gone already; nobody looks again. */
    static boolean wasGone(ServletRequest request) {
        ClientConnection connection = of(request);
        return connection != null && connection.wasGone();
    }

    /** Returns how many bytes of the body of a request have been read so far. */
    static long bytesRead(ServletRequest request) {
        ClientConnection connection = of(request);
        return connection == null ? 0 : connection.request.getBytesRead();
    }

    private static @Nullable ClientConnection of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof ClientConnection connection ? connection : null;
    }

    /** Makes the static methods find this connection. */
    public void attachTo(ServletRequest servletRequest) {
        servletRequest.setAttribute(ATTRIBUTE, this);
    }

    /** Returns whether the client is gone; to be asked only once the body has been read to its end. */
    private synchronized boolean isGone() {
        if (!over && !gone) {
            gone = DisconnectAwareHttpProtocol.isClosedByClient(request);
        }
        return gone;
    }

    private synchronized boolean wasGone() {
        return gone;
    }

    /** Remembers that the time for the body was over. */
    public void cutOff() {
        tooSlow = true;
    }

    public boolean isCutOff() {
        return tooSlow;
    }

    /** Ends the watch: the request is over, its connection may serve another one. */
    public synchronized void end() {
        over = true;
    }
}
