package io.captioner.web.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP/1.1, whose requests keep a reference to their socket, and whose connection timeout holds for the whole
 * head of a request. Tomcat creates it by its name, so it is public.
 *
 * <p>A servlet learns that its client has left only when it writes, because the connection is not read meanwhile. And
 * Tomcat's own time limit is for one read, so that a client that sends one byte of a header now and then keeps a
 * connection for ever.
 */
public final class DisconnectAwareHttpProtocol extends Http11NioProtocol {
    /** Number of a note of a request that Tomcat, which uses the first few, leaves free. */
    private static final int SOCKET = 24;

    private static final byte[] NO_PATH = {'/', '*'};

    @Override
    protected Processor createProcessor() {
        return new DisconnectAwareProcessor(this);
    }

    /**
     * Returns whether a request's client has closed its connection, or its sending half. Does not block. Must not be
     * called while another thread reads the request, nor once it is over.
     */
    public static boolean isClosedByClient(Request request) {
        if (!(request.getNote(SOCKET) instanceof SocketWrapperBase<?> socket)) {
            return false;
        }
        ByteBuffer ahead = ByteBuffer.allocate(1);
        try {
            int read = socket.read(false, ahead);
            if (read > 0) {
                // The first byte of a request that was sent ahead.
                socket.unRead(ahead.flip());
            }
            return read < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private static final class DisconnectAwareProcessor extends Http11Processor {
        private final DisconnectAwareHttpProtocol http;

        DisconnectAwareProcessor(DisconnectAwareHttpProtocol http) {
            super(http, http.getAdapter());
            this.http = http;
        }

        @Override
        public SocketState service(SocketWrapperBase<?> socket) throws IOException {
            request.setNote(SOCKET, socket);
            SocketState state = super.service(socket);
            return state == SocketState.LONG && !isAsync() && isHeadLate() ? SocketState.CLOSED : state;
        }

        /**
         * Accepts underscores in the name of a host: no DNS name has them, but names of containers do. Tomcat checks
         * the name with letters in their place.
         *
         * <p>{@code OPTIONS *} becomes a request for a path that does not exist, so that its errors are problems too:
         * Tomcat answers it before any valve, also with 501 and 505, which blame the server for the client's fault.
         */
        @Override
        protected void parseHost(@Nullable MessageBytes host) {
            if (request.requestURI().equals("*")) {
                request.requestURI().setBytes(NO_PATH, 0, NO_PATH.length);
            }
            String name = host == null || host.isNull() ? "" : host.toString();
            if (name.indexOf('_') < 0 || name.startsWith("[")) {
                super.parseHost(host);
                return;
            }
            byte[] checked = name.replace('_', 'x').getBytes(StandardCharsets.ISO_8859_1);
            MessageBytes copy = MessageBytes.newInstance();
            copy.setBytes(checked, 0, checked.length);
            super.parseHost(copy);
            if (!getErrorState().isError()) {
                int port = name.indexOf(':');
                request.serverName().setString(port < 0 ? name : name.substring(0, port));
            }
        }

        /** Returns whether the time for a head is over that is still incomplete. Called for each byte that arrives. */
        private boolean isHeadLate() {
            long start = request.getStartTimeNanos();
            return start >= 0
                    && System.nanoTime() - start
                            > Duration.ofMillis(http.getConnectionTimeout()).toNanos();
        }
    }
}
