package io.captioner.web.tomcat;

import io.captioner.web.ClientConnection;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * The limit on the time of a request's body, and the {@link ClientConnection} of each request.
 *
 * <p>Tomcat's own time limit is for one read, so that a client that sends one byte now and then keeps a thread for
 * ever. Here every read of the body is one before a deadline; after it the body ends early, and its connection records
 * why. (A read that failed would make Tomcat answer by itself.)
 */
final class UploadTimeoutValve extends ValveBase {
    private final Duration uploadTimeout;
    private final long swallowed;
    private final LongSupplier nanoTime;

    /**
     * A valve for all requests of a server.
     *
     * @param uploadTimeout time for a body, from the end of the headers
     * @param swallowed most bytes of an unread body that are read, so that the client receives the answer
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    UploadTimeoutValve(Duration uploadTimeout, long swallowed, LongSupplier nanoTime) {
        super(true);
        this.uploadTimeout = uploadTimeout;
        this.swallowed = swallowed;
        this.nanoTime = nanoTime;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        org.apache.coyote.Request wire = request.getCoyoteRequest();
        InputBuffer body = wire.getInputBuffer();
        ClientConnection connection =
                new ClientConnection(wire::getBytesRead, () -> DisconnectAwareHttpProtocol.isClosedByClient(wire));
        connection.attachTo(request);
        wire.setInputBuffer(new TimedBody(body, connection, nanoTime.getAsLong() + uploadTimeout.toNanos()));
        try {
            getNext().invoke(request, response);
            swallow(request, response, connection);
        } finally {
            connection.end();
            wire.setInputBuffer(body);
        }
    }

    /** Sends the answer, then reads the rest of the body, which Tomcat would do without a limit on the time. */
    private void swallow(Request request, Response response, ClientConnection connection) throws IOException {
        org.apache.coyote.Request wire = request.getCoyoteRequest();
        if (wire.isFinished() || wire.hasExpectation() || request.isAsync()) {
            return;
        }
        response.finishResponse();
        try {
            Discarded rest = new Discarded();
            long total = 0;
            for (int read = 0; read >= 0 && total < swallowed; total += read) {
                read = wire.doRead(rest);
            }
            if (connection.isTooSlow() || total >= swallowed) {
                wire.action(ActionCode.CLOSE_NOW, null);
            }
        } catch (IOException cutOff) {
            wire.action(ActionCode.CLOSE_NOW, cutOff);
        }
    }

    /** Takes the bytes that are read, and does nothing with them. */
    private static final class Discarded implements ApplicationBufferHandler {
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            bytes = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return bytes;
        }

        @Override
        public void expand(int size) {}
    }

    /** A body that can be read until its time is over. */
    private final class TimedBody implements InputBuffer {
        private final InputBuffer body;
        private final ClientConnection connection;
        private final long deadline;

        TimedBody(InputBuffer body, ClientConnection connection, long deadline) {
            this.body = body;
            this.connection = connection;
            this.deadline = deadline;
        }

        @Override
        public int doRead(ApplicationBufferHandler handler) throws IOException {
            if (nanoTime.getAsLong() - deadline > 0) {
                connection.bodyEnds(ClientConnection.BodyFault.TOO_SLOW);
                return -1;
            }
            int read;
            try {
                read = body.doRead(handler);
            } catch (IOException e) {
                connection.bodyEnds(ClientConnection.BodyFault.BROKEN_OFF);
                throw e;
            }
            if (read > 0) {
                connection.receivedFromWire(handler.getByteBuffer());
            }
            return read;
        }

        @Override
        public int available() {
            return body.available();
        }
    }
}
